"""`model`: a Hugging Face config.json as a model of the reader's own, for a scenario or a link."""

from __future__ import annotations

import argparse
import json

from components.catalog.config_fields import ConfigError
from components.catalog.config_model import read_config
from components.commands.files import InputError, say, text_of
from components.share.link import MODELS
from components.share.own_code import own_code


def model(arguments: argparse.Namespace) -> str:
    """The record of a model and its part of a link, as JSON; how it was read on standard error.

    Raises: InputError for a file that describes no model.
    """
    index = text_of(arguments.index) if arguments.index else ""
    try:
        found = read_config(text_of(arguments.config), index, key=arguments.id, name=arguments.name)
    except ConfigError as reason:
        raise InputError(f"{reason}.") from None
    for note in found.notes:
        say(f"{note}.")
    content = {"own": {"models": [found.model.model_dump()]}, "link": f"{MODELS}={own_code([found.model])}"}
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
