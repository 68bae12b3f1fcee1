BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE datasets (
	version VARCHAR(64) NOT NULL, 
	tables BLOB NOT NULL, 
	CONSTRAINT pk_datasets PRIMARY KEY (version)
);
INSERT INTO "datasets" VALUES('2026-11-28+abcdef01',X'7461626C6573');
CREATE TABLE decisions (
	"key" INTEGER NOT NULL, 
	id VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	strategy TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	review_on VARCHAR(10) NOT NULL, 
	watches TEXT NOT NULL, 
	author TEXT NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	decided_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_decisions PRIMARY KEY ("key"), 
	CONSTRAINT fk_decisions_id_versions FOREIGN KEY(id, number) REFERENCES versions (id, number) ON DELETE CASCADE
);
CREATE TABLE scenarios (
	id VARCHAR(32) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	team VARCHAR(255) NOT NULL, 
	visibility VARCHAR(8) NOT NULL, 
	name TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	headline TEXT NOT NULL, 
	saved_at VARCHAR(32) NOT NULL, 
	deleted_at VARCHAR(32), 
	CONSTRAINT pk_scenarios PRIMARY KEY (id)
);
INSERT INTO "scenarios" VALUES('kept-since-the-first-v','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','acme.com','link','Support chat, spring',1,'80 % less','2026-11-28T09:30:01.000000Z',NULL);
CREATE TABLE versions (
	id VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	note TEXT NOT NULL, 
	author TEXT NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	link TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	data_version VARCHAR(64) NOT NULL, 
	engine_version VARCHAR(64) NOT NULL, 
	saved_at VARCHAR(32) NOT NULL, 
	base INTEGER, 
	CONSTRAINT pk_versions PRIMARY KEY (id, number), 
	CONSTRAINT fk_versions_id_scenarios FOREIGN KEY(id) REFERENCES scenarios (id) ON DELETE CASCADE
);
INSERT INTO "versions" VALUES('kept-since-the-first-v',1,'Support chat, spring','first look','Ann','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','v=1&w=support_chat&s0=plain','{"headline":"80 % less","costs_usd_per_month":[145506.8763466824,28763.3695359567]}','2026-11-28+abcdef01','1.0.0','2026-11-28T09:30:01.000000Z',NULL);
CREATE INDEX ix_scenarios_owner_saved_at ON scenarios (owner, saved_at, id);
CREATE INDEX ix_scenarios_team_saved_at ON scenarios (team, saved_at, id);
CREATE INDEX ix_scenarios_deleted_at ON scenarios (deleted_at);
CREATE INDEX ix_decisions_id ON decisions (id);
COMMIT;
