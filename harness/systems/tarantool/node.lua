#!/usr/bin/env tarantool
-- node.lua NODE DIR LISTEN PEERS: the first node is the master, the others are its replicas.
-- Tarantool 2.6.0 elects nobody by itself.
local node, dir, listen, peers = unpack(arg)
local is_master = node == 'n1'

box.cfg {
    listen = listen, replication = peers:split(','), read_only = not is_master,
    memtx_dir = dir, wal_dir = dir, vinyl_dir = dir, memtx_memory = 32 * 1024 * 1024,
    replication_synchro_quorum = 2, replication_synchro_timeout = 0.2,
    replication_timeout = 0.2, replication_connect_timeout = 30,
    replication_connect_quorum = is_master and 1 or nil,
}

if is_master then
    box.once('schema', function()
        box.schema.user.grant('guest', 'super')
        box.schema.space.create('registers', {is_sync = true})
        box.space.registers:create_index('key', {parts = {{1, 'string'}}})
    end)
    -- What a killed master had not finished blocks it otherwise.
    box.ctl.clear_synchro_queue()
end

local function value_of(key)
    local found = box.space.registers:get(key)
    return found and found[2]
end

function is_ready()
    return box.info.status == 'running'
end

-- Only the master knows what was acknowledged.
function read(key)
    if not is_master then box.error(box.error.READONLY) end
    return value_of(key)
end

function read_any(key)
    return value_of(key)
end

function write(key, value)
    box.space.registers:replace({key, value})
end

-- Nothing yields between the comparison and the change.
function cas(key, old, new)
    if value_of(key) ~= old then return false end
    box.space.registers:replace({key, new})
    return true
end
