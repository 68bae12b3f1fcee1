"""The unit that the end of a column's name states, for every table of data/."""

UNIT_BY_ENDING: tuple[tuple[str, str], ...] = (
    ("_usd_per_mtok", "USD/Mtok"),
    ("usd_per_accelerator_hour", "USD/h"),
    ("usd_per_accelerator", "USD"),
    ("_usd", "USD"),
    ("_gb_per_s", "GB/s"),
    ("_tflop_per_s", "TFLOP/s"),
    ("_top_per_s", "TOP/s"),
    ("tokens_per_s", "tokens/s"),
    ("tokens_per_s_total", "tokens/s"),
    ("tokens_per_s_per_accelerator", "tokens/s"),
    ("tokens_per_s_per_user", "tokens/s"),
    ("_ms", "ms"),
    ("_error", "share"),
    ("_share", "share"),
    ("_gb", "GB"),
    ("_mb", "MB"),
    ("_kw", "kW"),
    ("_w", "W"),
    ("ttft_s", "s"),
    ("kv_bytes_per_token_bf16", "bytes/token"),
    ("kv_bytes_per_token_all_layers_bf16", "bytes/token"),
    ("kv_fixed_bytes_per_sequence_bf16", "bytes"),
    ("_tokens", "tokens"),
    ("_discount", "share"),
)
"""The unit that the end of a column name states; columns without one are counts."""


def unit_of(column: str) -> str:
    """Unit of a column from its name, "1" for a count."""
    return next((unit for ending, unit in UNIT_BY_ENDING if column.endswith(ending)), "1")
