-- All values are JSON texts.
CREATE TABLE IF NOT EXISTS lists (k text PRIMARY KEY, v text NOT NULL);
CREATE TABLE IF NOT EXISTS registers (k text PRIMARY KEY, v text NOT NULL);
CREATE TABLE IF NOT EXISTS counters (k text PRIMARY KEY, v bigint NOT NULL);
CREATE TABLE IF NOT EXISTS members (k text, v text, PRIMARY KEY (k, v));
CREATE TABLE IF NOT EXISTS accounts (k text PRIMARY KEY, v bigint NOT NULL);
