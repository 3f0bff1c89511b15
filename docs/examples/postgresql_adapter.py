#!/usr/bin/env python3
"""An adapter for PostgreSQL: transactions on lists and registers (docs/systems.md).

Each client has an adapter, and so a session, of its own. SUNDER_EXAMPLE_ISOLATION is the level that
PostgreSQL is asked for; without it, SERIALIZABLE. Debian's package is python3-psycopg2."""
import json, os, sys

import psycopg2

LEVEL = os.environ.get("SUNDER_EXAMPLE_ISOLATION", "SERIALIZABLE")
TABLES = """CREATE TABLE IF NOT EXISTS lists (key text PRIMARY KEY, elements text NOT NULL);
            CREATE TABLE IF NOT EXISTS registers (key text PRIMARY KEY, value text NOT NULL)"""
APPEND = """INSERT INTO lists VALUES (%s, %s) ON CONFLICT (key)
            DO UPDATE SET elements = lists.elements || ',' || excluded.elements"""
WRITE = """INSERT INTO registers VALUES (%s, %s) ON CONFLICT (key)
           DO UPDATE SET value = excluded.value"""
connections = {}


def connect(node):
    host, port = node.rsplit(":", 1)
    connection = psycopg2.connect(host=host, port=port, user="sunder", dbname="postgres",
                                  connect_timeout=2, options="-c statement_timeout=2000")
    connection.autocommit = True
    cursor = connection.cursor()
    try:
        cursor.execute(TABLES)
    except psycopg2.errors.UniqueViolation:
        pass  # Two sessions created them at once.
    connections[node] = cursor
    return cursor


def perform_step(cursor, step, of_lists):
    f, key, value = step
    name = json.dumps(key)
    if f == "append":
        cursor.execute(APPEND, (name, json.dumps(value)))
    elif f == "w":
        cursor.execute(WRITE, (name, json.dumps(value)))
    elif of_lists:
        cursor.execute("SELECT elements FROM lists WHERE key = %s", (name,))
        row = cursor.fetchone()
        return [f, key, json.loads("[" + row[0] + "]") if row else []]
    else:
        cursor.execute("SELECT value FROM registers WHERE key = %s", (name,))
        row = cursor.fetchone()
        return [f, key, json.loads(row[0]) if row else None]
    return step


def perform(call):
    try:
        cursor = connections.get(call["node"]) or connect(call["node"])
        cursor.execute("BEGIN ISOLATION LEVEL " + LEVEL)
        of_lists = call["kind"] == "list-transaction"
        answers = [perform_step(cursor, step, of_lists) for step in call["value"]]
    except psycopg2.Error as error:
        # Without a COMMIT nothing happened.
        end_session(call["node"])
        return {"type": "fail", "error": text_of(error)}
    try:
        cursor.execute("COMMIT")
    except psycopg2.errors.SerializationFailure as error:
        return {"type": "fail", "error": text_of(error)}
    except psycopg2.Error as error:
        end_session(call["node"])
        return {"type": "info", "error": text_of(error)}
    return {"type": "ok", "value": answers}


def end_session(node):
    """Rolls back; a session that is broken is closed, so that the next call has a new one."""
    cursor = connections.pop(node, None)
    try:
        if cursor is not None:
            cursor.execute("ROLLBACK")
            connections[node] = cursor
    except psycopg2.Error:
        pass


def text_of(error):
    return str(error).strip().split("\n")[0]


for line in sys.stdin:
    call = json.loads(line)
    print(json.dumps({"id": call["id"], **perform(call)}), flush=True)
