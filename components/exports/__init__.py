"""A comparison taken away: deck, pages, workbook, snapshot, tables, charts and spend; reads answers, computes none."""
