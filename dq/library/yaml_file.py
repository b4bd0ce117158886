"""YAML files read into declared types, with the line of every key, so that a fault names its place.

Only ``true`` and ``false`` are booleans and dates stay text, so ``seen: No`` and ``007`` mean what they say.
Duplicate keys, aliases and unknown keys are refused.
"""

from __future__ import annotations

import re
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from dq.problems import Problem, ProblemsError, nearest, refuse

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NOT_WRITTEN = frozenset({"id", "topic", "path", "name", "folder"})
"""What a declared type may hold that comes of the file's name and place, and is not written in it."""
_INTEGER = re.compile(r"-?(0|[1-9]\d*)$")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)\.\d+$")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass
class Document:
    """A YAML file as plain values, with the line (from 1) of each place in it."""

    path: Path
    value: Any
    lines: dict[Place, int] = field(default_factory=dict)
    blocks: set[Place] = field(default_factory=set)

    def text_line(self, place: Place) -> int | None:
        """Return the line on which the text at ``place`` begins: below its key where it is a block."""
        line = self.line(place)
        return line + 1 if line is not None and place in self.blocks else line

    def line(self, place: Place) -> int | None:
        """Return the line of the deepest known part of ``place``."""
        for depth in range(len(place), -1, -1):
            if place[:depth] in self.lines:
                return self.lines[place[:depth]]
        return None


def read_yaml(path: Path) -> Document:
    """Read one YAML file. Raises ProblemsError for text that is not UTF-8 or not YAML, or repeats a key."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=_Base)
    except UnicodeDecodeError:
        raise refuse("this file is not UTF-8 text.", path, instead="Save it as UTF-8.") from None
    except yaml.MarkedYAMLError as error:
        line = None if error.problem_mark is None else error.problem_mark.line + 1
        raise refuse(f"this is not YAML: {error.problem or error.context}.", path, line) from None
    except yaml.YAMLError:
        raise refuse("this is not YAML: it holds characters that YAML does not allow.", path) from None
    document = Document(path, None)
    if node is not None:
        document.value = _plain(node, document, (), set())
    return document


def _plain(node: yaml.Node, document: Document, place: Place, seen: set[int]) -> Any:
    line = node.start_mark.line + 1
    document.lines.setdefault(place, line)
    if isinstance(node, yaml.ScalarNode):
        if node.style in {"|", ">"}:
            document.blocks.add(place)
        return _scalar(node)
    if id(node) in seen:
        raise refuse("aliases (*name) are not used here.", document.path, line, "Write the value out.")
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, document, (*place, i), seen) for i, child in enumerate(node.value)]
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in values:
            raise refuse(f"'{key}' is given twice.", document.path, key_node.start_mark.line + 1, "Keep one.")
        document.lines[(*place, key)] = key_node.start_mark.line + 1
        values[key] = _plain(value_node, document, (*place, key), seen)
    return values


def _scalar(node: yaml.ScalarNode) -> Any:
    text = str(node.value)
    if node.style:  # quoted, or a block: text as it stands
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _NUMBER.match(text) else text


def as_model(document: Document, model: type[Model], **more: Any) -> Model:
    """Return the document as a declared type; ``more`` adds values that come from the file's name and place.

    Raises ProblemsError with one problem for each fault, at its line.
    """
    if not isinstance(document.value, dict):
        raise refuse("this file is empty or is not a list of 'key: value' lines.", document.path, 1)
    for key in more:
        if key in document.value:
            what, hint = f"'{key}' is not written in the file.", "It follows from the file's name."
            raise refuse(what, document.path, document.line((key,)), hint)
    try:
        return model.model_validate({**document.value, **more})
    except ValidationError as error:
        raise ProblemsError(_problem(document, model, dict(fault)) for fault in error.errors()) from None


def _problem(document: Document, model: type[BaseModel], fault: dict[str, Any]) -> Problem:
    place = tuple(part for part in fault["loc"] if part not in {"function-after", "[key]"})
    name = ".".join(str(part) for part in place)
    line = document.line(place)
    if fault["type"] == "extra_forbidden":
        known = _keys_at(model, place[:-1])
        return Problem(f"unknown key '{place[-1]}'.", document.path, line, nearest(str(place[-1]), known))
    if fault["type"] == "missing":
        return Problem(f"'{name}' is missing.", document.path, line, "Add it.")
    if fault["type"] == "enum" or fault["type"] == "literal_error":
        words = re.findall(r"'([^']+)'", str(fault["ctx"]["expected"]))
        return Problem(f"'{name}' is '{fault['input']}'.", document.path, line, nearest(str(fault["input"]), words))
    message = str(fault["msg"]).removeprefix("Value error, ")
    return Problem(f"'{name}': {message}." if name else f"{message}.", document.path, line)


def _keys_at(model: type[BaseModel], place: Place) -> list[str]:
    """Return the keys that may stand at a place inside a declared type."""
    current: Any = model
    for part in place:
        if isinstance(part, str) and isinstance(current, type) and issubclass(current, BaseModel):
            by_key = {info.alias or name: info.annotation for name, info in current.model_fields.items()}
            if part in by_key:
                current = _inner_model(by_key[part]) or current
    if isinstance(current, type) and issubclass(current, BaseModel):
        hidden = NOT_WRITTEN if "path" in current.model_fields else frozenset[str]()
        return [info.alias or name for name, info in current.model_fields.items() if name not in hidden]
    return []


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in typing.get_args(annotation):
        found = _inner_model(argument)
        if found is not None:
            return found
    return None
