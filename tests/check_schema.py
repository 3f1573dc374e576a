#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Validates results against the schema, and the schema against spoilt results.

usage: check_schema.py SCHEMA FOLDER|FILE ...
"""

import copy
import json
import pathlib
import sys

import jsonschema


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def walk(value, path=()):
    """Every object and array inside a value, with its path."""
    yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        if isinstance(inner, (dict, list)):
            yield from walk(inner, path + (key,))


def spoilt(result):
    """Copies of a result with one fault each, and what the fault is."""
    done = set()
    for path, value in walk(result):
        shape = tuple(step for step in path if isinstance(step, str))
        if not isinstance(value, dict) or shape in done:
            continue
        done.add(shape)
        faults = [("extra member", "surprise", 1)]
        faults += [(f"{key} is an unknown name", key, "surprise")
                   for key in ("state", "blocker", "mechanism", "kind", "layer", "role", "mode",
                               "family", "stop", "schema") if key in value]
        faults += [(f"no {key}", key, None) for key in value]
        for what, key, new in faults:
            bad = copy.deepcopy(result)
            inner = bad
            for step in path:
                inner = inner[step]
            if what.startswith("no "):
                del inner[key]
            else:
                inner[key] = new
            yield f"{'/'.join(map(str, path))}: {what}", bad


def samples(arguments):
    for name in map(pathlib.Path, arguments):
        yield from sorted(name.glob("*.json")) if name.is_dir() else [name]


def main(schema_path, arguments):
    schema = load(schema_path)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    count = faults = 0
    for path in samples(arguments):
        count += 1
        result = load(path)
        for error in validator.iter_errors(result):
            where = "/".join(map(str, error.absolute_path))
            print(f"{path}: {where}: {error.message}")
            faults += 1
        for what, bad in spoilt(result):
            if validator.is_valid(bad):
                print(f"{path}: accepted although {what}")
                faults += 1
    if count == 0:
        print("no result to validate")
    print(f"{count} results, {faults} faults")
    return 1 if faults or not count else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
