#!/usr/bin/env python3
"""An adapter for OpenLDAP. A key is an entry, and its value the entry's description. A cas deletes
the old value and adds the new one in one request. Option: answers=first|all."""
import asyncio
import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import ldap

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from adapter import Failed, Unknown, options, serve

OPTIONS = options(sys.argv[1:])
BASE, TIMEOUT = "dc=sunder", 0.8
local = threading.local()
threads = ThreadPoolExecutor(64)


def connection_to(node):
    """This thread's. Raises Failed: nothing was sent."""
    connections = local.__dict__.setdefault("connections", {})
    if node not in connections:
        connection = ldap.initialize("ldap://" + node)
        connection.set_option(ldap.OPT_NETWORK_TIMEOUT, TIMEOUT)
        connection.set_option(ldap.OPT_TIMEOUT, TIMEOUT)
        try:
            connection.simple_bind_s("cn=admin," + BASE, "secret")
        except ldap.LDAPError as error:
            raise Failed("no connection: %s" % error) from None
        connections[node] = connection
    return connections[node]


def value_at(connection, name):
    found = connection.search_s(name, ldap.SCOPE_BASE, attrlist=["description"])
    return json.loads(found[0][1]["description"][0])


def write(connection, name, value):
    text = json.dumps(value).encode()
    while True:
        try:
            return connection.modify_s(name, [(ldap.MOD_REPLACE, "description", [text])])
        except ldap.NO_SUCH_OBJECT:
            pass
        try:
            return connection.add_s(name, [("objectClass", [b"organizationalRole"]),
                                           ("description", [text])])
        except ldap.ALREADY_EXISTS:
            pass  # Another client made the entry in between.


def compare_and_set(connection, name, old, new):
    texts = [json.dumps(value).encode() for value in (old, new)]
    try:
        connection.modify_s(name, [(ldap.MOD_DELETE, "description", texts[:1]),
                                   (ldap.MOD_ADD, "description", texts[1:])])
    except (ldap.NO_SUCH_ATTRIBUTE, ldap.NO_SUCH_OBJECT):
        raise Failed("another value") from None


def ask(connection, call):
    name = "cn=%s,%s" % (call["key"], BASE)
    if call["f"] == "setup":
        try:
            connection.add_s(BASE, [("objectClass", [b"dcObject", b"organization"]),
                                    ("dc", [b"sunder"]), ("o", [b"sunder"])])
        except ldap.ALREADY_EXISTS:
            pass
    elif call["f"] == "read":
        try:
            return value_at(connection, name)
        except ldap.NO_SUCH_OBJECT:
            return None
    elif call["f"] == "write":
        write(connection, name, call["value"])
    else:
        compare_and_set(connection, name, *call["value"])
    return None


def perform_in_thread(call):
    if OPTIONS["answers"] == "first" and call["node"] != OPTIONS["first"]:
        raise Failed("only the first server is asked")
    connection = connection_to(call["node"])
    try:
        return ask(connection, call)
    except (ldap.BUSY, ldap.UNAVAILABLE, ldap.UNWILLING_TO_PERFORM, ldap.NO_SUCH_OBJECT) as error:
        raise Failed(str(error)) from None
    except ldap.LDAPError as error:
        local.connections.pop(call["node"])
        raise Unknown(str(error)) from None


async def perform(call):
    return await asyncio.get_running_loop().run_in_executor(threads, perform_in_thread, call)


serve(perform)
