"""Which tables hold the data, and which statements read and write them?

Row ids: article, body, features, story and event share one scheme, `id` = collection * 2**40 +
ordinal, where ordinal is the article sequence, story number or event sequence. A collection's rows
therefore lie side by side, in order, with no second index.
"""

from __future__ import annotations

SCHEMA_VERSION = 4
ORDINAL_BITS = 40

SCHEMA = """
-- One value a name: schema version and the Scheme the store was written with.
CREATE TABLE header(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- A tenant with its counters: no count ever needs a scan.
CREATE TABLE collection(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    last_sequence INTEGER NOT NULL, articles INTEGER NOT NULL,
    last_story INTEGER NOT NULL, open_stories INTEGER NOT NULL, last_event INTEGER NOT NULL
) STRICT;

-- One revision, as lists need it. Times are microseconds since 1970 UTC. `indexed`: it was the
-- article's latest when it arrived.
CREATE TABLE article(
    id INTEGER PRIMARY KEY, collection INTEGER NOT NULL, article_id TEXT NOT NULL,
    revision INTEGER NOT NULL, digest TEXT NOT NULL, source TEXT NOT NULL, title TEXT NOT NULL,
    publish_time INTEGER, publish_precision TEXT NOT NULL, publish_provenance TEXT NOT NULL,
    ingest_time INTEGER NOT NULL, indexed INTEGER NOT NULL,
    UNIQUE(collection, article_id, revision)
) STRICT;

-- The whole article, zstd over JSON, apart so that a rebuild never reads it.
CREATE TABLE body(id INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, data BLOB NOT NULL) STRICT;

-- features.pack, and the band keys packed as little-endian uint64, to take them back later.
CREATE TABLE features(
    id INTEGER PRIMARY KEY, bands BLOB NOT NULL, checksum INTEGER NOT NULL, data BLOB NOT NULL
) STRICT;

-- Band keys of latest revisions; a uint64 key is kept as the int64 of the same bits.
CREATE TABLE lsh(
    collection INTEGER NOT NULL, key INTEGER NOT NULL, sequence INTEGER NOT NULL,
    PRIMARY KEY(collection, key, sequence)
) STRICT, WITHOUT ROWID;

-- Append-only, in the order made. `article` is the row id of the revision.
CREATE TABLE assignment(
    ordinal INTEGER PRIMARY KEY, article INTEGER NOT NULL, story_id TEXT NOT NULL,
    relation TEXT NOT NULL, confidence REAL NOT NULL, sequence INTEGER NOT NULL,
    copy_of TEXT NOT NULL, reprint_group TEXT NOT NULL, previous_story_id TEXT NOT NULL,
    evidence TEXT NOT NULL, runners_up TEXT NOT NULL, settings_digest TEXT NOT NULL,
    encoder_id TEXT NOT NULL, model TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX assignment_article ON assignment(article);

-- Where each article's latest revision stands now; a withdrawn one in the story ''.
CREATE TABLE member(
    collection INTEGER NOT NULL, article_id TEXT NOT NULL, first_sequence INTEGER NOT NULL,
    sequence INTEGER NOT NULL, story_id TEXT NOT NULL, relation TEXT NOT NULL,
    reprint_group TEXT NOT NULL, PRIMARY KEY(collection, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_story ON member(collection, story_id, first_sequence);

CREATE TABLE story(
    id INTEGER PRIMARY KEY, collection INTEGER NOT NULL, story_id TEXT NOT NULL,
    state TEXT NOT NULL, title TEXT NOT NULL, article_count INTEGER NOT NULL,
    unique_count INTEGER NOT NULL, reprint_count INTEGER NOT NULL, source_count INTEGER NOT NULL,
    revision INTEGER NOT NULL, create_time INTEGER NOT NULL, update_time INTEGER NOT NULL,
    canonical TEXT, first_publish_time INTEGER, last_publish_time INTEGER,
    merged_into_story_id TEXT NOT NULL,
    UNIQUE(collection, story_id)
) STRICT;

-- Append-only: the audit, of which the feed is a window. `before` and `after` are JSON.
CREATE TABLE event(
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, time INTEGER NOT NULL, story_id TEXT NOT NULL,
    article_id TEXT NOT NULL, detail TEXT NOT NULL, actor TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '', before TEXT NOT NULL DEFAULT '{}',
    after TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE stream(
    collection INTEGER NOT NULL, stream_id TEXT NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY(collection, stream_id)
) STRICT, WITHOUT ROWID;

-- How far a work that goes through the articles in order has come.
CREATE TABLE mark(
    collection INTEGER NOT NULL, name TEXT NOT NULL, sequence INTEGER NOT NULL,
    PRIMARY KEY(collection, name)
) STRICT, WITHOUT ROWID;
"""

_EDITING = """
-- What is left of a withdrawn or erased article.
CREATE TABLE tombstone(
    collection INTEGER NOT NULL, article_id TEXT NOT NULL, erased INTEGER NOT NULL,
    time INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL, story_id TEXT NOT NULL,
    PRIMARY KEY(collection, article_id)
) STRICT, WITHOUT ROWID;

-- What editors said and that holds.
CREATE TABLE editor_constraint(
    collection INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, other TEXT NOT NULL,
    PRIMARY KEY(collection, kind, subject, other)
) STRICT, WITHOUT ROWID;

-- What editors did, JSON, under the same scheme of row ids.
CREATE TABLE override(id INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;

-- How a collection is decided, JSON.
CREATE TABLE collection_settings(
    collection INTEGER PRIMARY KEY, revision INTEGER NOT NULL, data TEXT NOT NULL
) STRICT;
"""

_HOLDING = """
-- What is held until its minute, under the same scheme of row ids; `release_time` NULL: it is not
-- released. Nothing else in the store tells of it. The features end with their own checksum.
CREATE TABLE held(
    id INTEGER PRIMARY KEY, article_id TEXT NOT NULL, release_time INTEGER,
    checksum INTEGER NOT NULL, data BLOB NOT NULL, features BLOB NOT NULL
) STRICT;
CREATE INDEX held_article ON held(article_id);
CREATE INDEX held_due ON held(release_time) WHERE release_time IS NOT NULL;
"""

SCHEMA += _EDITING + _HOLDING

_PROMOTING = """
-- What the promotes of jobs did, JSON: written in the transaction of their changes.
CREATE TABLE promotion(
    collection INTEGER NOT NULL, job_id TEXT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY(collection, job_id)
) STRICT;
"""

SCHEMA += _PROMOTING

TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
HEADER = "SELECT name, value FROM header"
ADD_HEADER = "INSERT INTO header VALUES (?, ?)"

# From the schema of that version to the next one.
UPGRADES = {
    "1": """
ALTER TABLE assignment ADD COLUMN model TEXT NOT NULL DEFAULT '';
-- How far a work that goes through the articles in order has come.
CREATE TABLE mark(
    collection INTEGER NOT NULL, name TEXT NOT NULL, sequence INTEGER NOT NULL,
    PRIMARY KEY(collection, name)
) STRICT, WITHOUT ROWID;
UPDATE header SET value = '2' WHERE name = 'schema';
""",
    # A story that is merged has no title: it would be the headline of an article it has no more.
    "2": f"""
{_EDITING}
UPDATE story SET title = '' WHERE state = 'merged';
UPDATE header SET value = '3' WHERE name = 'schema';
""",
    # Earlier events do not say who and why, nor what they changed.
    "3": f"""
{_PROMOTING}
{_HOLDING}
ALTER TABLE event ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN before TEXT NOT NULL DEFAULT '{{}}';
ALTER TABLE event ADD COLUMN after TEXT NOT NULL DEFAULT '{{}}';
UPDATE header SET value = '4' WHERE name = 'schema';
""",
}

# The first read of a snapshot: any will do, this one touches one page.
TAKE_SNAPSHOT = "SELECT value FROM header WHERE name = 'schema'"

COLLECTIONS = "SELECT name FROM collection WHERE last_sequence > 0"
NAMES = "SELECT name FROM collection"
COLLECTION = """
SELECT id, last_sequence, articles, last_story, open_stories, last_event
FROM collection WHERE name = ?"""
ADD_COLLECTION = "INSERT INTO collection VALUES (NULL, ?, 0, 0, 0, 0, 0) RETURNING id"
SET_COLLECTION = """
UPDATE collection
SET last_sequence = ?, articles = ?, last_story = ?, open_stories = ?, last_event = ?
WHERE id = ?"""

# The newest assignment of revision a.id, as the columns of ASSIGNMENT_COLUMNS.
_NEWEST = "s.ordinal = (SELECT max(ordinal) FROM assignment WHERE article = a.id)"
_ASSIGNMENT_COLUMNS = """
a.article_id, a.revision, s.story_id, s.relation, s.confidence, s.sequence, s.copy_of,
s.reprint_group, s.previous_story_id, s.evidence, s.runners_up, s.settings_digest, s.encoder_id,
s.model"""

# Revisions of one article, ascending or (ONE_REVISION, LATEST_REVISION) a single one.
_REVISION = f"""
SELECT a.id, a.digest, a.ingest_time, a.publish_provenance, m.sequence, b.checksum, b.data,
{_ASSIGNMENT_COLUMNS}
FROM article a
JOIN member m ON m.collection = a.collection AND m.article_id = a.article_id
JOIN body b ON b.id = a.id
JOIN assignment s ON {_NEWEST}
WHERE a.collection = ? AND a.article_id = ?"""
REVISIONS = _REVISION + " ORDER BY a.revision"
ONE_REVISION = _REVISION + " AND a.revision = ?"
LATEST_REVISION = _REVISION + " ORDER BY a.revision DESC LIMIT 1"

ASSIGNMENTS = f"""
SELECT {_ASSIGNMENT_COLUMNS}
FROM article a JOIN assignment s ON s.article = a.id
WHERE a.collection = ? AND a.article_id = ? ORDER BY s.ordinal"""
ADD_ASSIGNMENT = "INSERT INTO assignment VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

HISTORY = f"""
SELECT {_ASSIGNMENT_COLUMNS}, s.ordinal, a.id
FROM assignment s CROSS JOIN article a ON a.id = s.article
WHERE s.ordinal > ? AND s.article > ? AND s.article < ? ORDER BY s.ordinal LIMIT ?"""
# As _REVISION with the first assignment, and its own sequence where it was the latest at arrival.
ADDED = f"""
SELECT a.id, a.digest, a.ingest_time, a.publish_provenance,
       iif(a.indexed, a.id & {(1 << ORDINAL_BITS) - 1}, 0), b.checksum, b.data,
{_ASSIGNMENT_COLUMNS}, f.checksum, f.data
FROM article a
JOIN body b ON b.id = a.id
JOIN features f ON f.id = a.id
JOIN assignment s ON s.ordinal = (SELECT min(ordinal) FROM assignment WHERE article = a.id)
WHERE a.id = ?"""

STORY = "SELECT * FROM story WHERE collection = ? AND story_id = ?"
STORY_ID = "SELECT id, state FROM story WHERE collection = ? AND story_id = ?"
STORIES = """
SELECT * FROM story
WHERE id > ? AND id < ? AND CASE state WHEN 'merged' THEN ? ELSE article_count >= ? END
ORDER BY id DESC LIMIT ?"""
PUT_STORY = "REPLACE INTO story VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

MEMBERS = f"""
SELECT a.article_id, a.revision, m.relation, m.reprint_group, a.source, a.title, m.first_sequence,
       a.publish_time, a.publish_precision
FROM member m CROSS JOIN article a ON a.id = (m.collection << {ORDINAL_BITS}) + m.sequence
WHERE m.collection = ? AND m.story_id = ? ORDER BY m.first_sequence"""
MEMBER = "SELECT first_sequence, sequence FROM member WHERE collection = ? AND article_id = ?"
PUT_MEMBER = "REPLACE INTO member VALUES (?, ?, ?, ?, ?, ?, ?)"
LIVE_MEMBER = """
SELECT first_sequence, sequence FROM member
WHERE collection = ? AND article_id = ? AND story_id != ''"""
WITHDRAW_MEMBER = "UPDATE member SET story_id = '' WHERE collection = ? AND article_id = ?"

TOMBSTONE = "SELECT * FROM tombstone WHERE collection = ? AND article_id = ?"
TOMBSTONES = "SELECT * FROM tombstone WHERE collection = ? ORDER BY article_id"
PUT_TOMBSTONE = "REPLACE INTO tombstone VALUES (?, ?, ?, ?, ?, ?, ?)"
DROP_TOMBSTONE = "DELETE FROM tombstone WHERE collection = ? AND article_id = ?"

# One article, all of it.
_OF_ARTICLE = "IN (SELECT id FROM article WHERE collection = ? AND article_id = ?)"
ERASE = (
    f"DELETE FROM body WHERE id {_OF_ARTICLE}",
    f"DELETE FROM features WHERE id {_OF_ARTICLE}",
    f"DELETE FROM assignment WHERE article {_OF_ARTICLE}",
    "DELETE FROM member WHERE collection = ? AND article_id = ?",
    "DELETE FROM article WHERE collection = ? AND article_id = ?",
)

CONSTRAINTS = """
SELECT kind, subject, other FROM editor_constraint
WHERE collection = ? ORDER BY kind, subject, other"""
ADD_CONSTRAINT = "INSERT OR IGNORE INTO editor_constraint VALUES (?, ?, ?, ?)"
DROP_CONSTRAINT = """
DELETE FROM editor_constraint
WHERE collection = ? AND kind = ? AND subject = ? AND other = ?"""

OVERRIDES = "SELECT id, data FROM override WHERE id > ? AND id < ? ORDER BY id DESC LIMIT ?"
PUT_OVERRIDE = "REPLACE INTO override VALUES (?, ?)"

PROMOTION = "SELECT job_id, data FROM promotion WHERE collection = ? AND job_id = ?"
PROMOTIONS = "SELECT job_id, data FROM promotion WHERE collection = ? ORDER BY job_id"
ADD_PROMOTION = "INSERT INTO promotion VALUES (?, ?, ?)"

EVENTS = """
SELECT id, kind, time, story_id, article_id, detail
FROM event WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"""
AUDIT = """
SELECT id, kind, time, story_id, article_id, detail, actor, reason, before, after
FROM event WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"""
ADD_EVENT = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

# CROSS JOIN keeps the order of reading: articles by row id, then their member and features.
INDEX_ROWS = """
SELECT a.id, a.article_id, a.revision, a.digest, m.story_id, m.reprint_group, a.source,
       a.publish_time, a.ingest_time, f.checksum, f.data, a.publish_precision
FROM article a
CROSS JOIN member m ON m.collection = a.collection AND m.article_id = a.article_id
CROSS JOIN features f ON f.id = a.id
WHERE a.id > ? AND a.id <= ? AND a.indexed
ORDER BY a.id LIMIT ?"""

STREAM_POSITIONS = "SELECT stream_id, position FROM stream WHERE collection = ? ORDER BY 1"
MARKS = "SELECT name, sequence FROM mark WHERE collection = ? ORDER BY 1"
STREAM_POSITION = "SELECT position FROM stream WHERE collection = ? AND stream_id = ?"
SET_STREAM_POSITION = "REPLACE INTO stream VALUES (?, ?, ?)"
MARK = "SELECT sequence FROM mark WHERE collection = ? AND name = ?"
SET_MARK = "REPLACE INTO mark VALUES (?, ?, ?)"

REVISION_ID = "SELECT id FROM article WHERE collection = ? AND article_id = ? AND revision = ?"
ADD_ARTICLE = "INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
ADD_BODY = "INSERT INTO body VALUES (?, ?, ?)"
ADD_FEATURES = "INSERT INTO features VALUES (?, ?, ?, ?)"
BANDS = "SELECT bands FROM features WHERE id = ?"
ADD_BAND = "INSERT INTO lsh VALUES (?, ?, ?)"
DROP_BAND = "DELETE FROM lsh WHERE collection = ? AND key = ? AND sequence = ?"
BAND = """
SELECT sequence FROM lsh WHERE collection = ? AND key = ? ORDER BY sequence DESC LIMIT ?"""

DIGESTS = """
SELECT revision, digest FROM article WHERE collection = ? AND article_id = ? ORDER BY revision"""

HELD = "SELECT id, checksum, data FROM held WHERE id > ? AND id < ? ORDER BY id"
HELD_OF_ARTICLE = """
SELECT id, checksum, data FROM held WHERE article_id = ? AND id > ? AND id < ? ORDER BY id"""
HELD_FEATURES = "SELECT id, features FROM held WHERE id = ? AND features != x''"
HELD_DUE = """
SELECT id, checksum, data FROM held INDEXED BY held_due
WHERE release_time <= ? AND id > ? AND id < ? ORDER BY release_time, id LIMIT ?"""
DUE = f"""
SELECT DISTINCT c.name FROM held h JOIN collection c ON c.id = h.id >> {ORDINAL_BITS}
WHERE h.release_time <= ?"""
HELD_ROW = "SELECT features FROM held WHERE id = ?"
PUT_HELD = "REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?)"
DROP_HELD = "DELETE FROM held WHERE id = ?"

SETTINGS = "SELECT revision, data FROM collection_settings WHERE collection = ?"
PUT_SETTINGS = "REPLACE INTO collection_settings VALUES (?, ?, ?)"

# Everything of one collection: by row ids from the first value up to the second, then by its id.
DROP_ROWS = (
    "DELETE FROM assignment WHERE article > ? AND article < ?",
    *(
        f"DELETE FROM {table} WHERE id > ? AND id < ?"
        for table in ("article", "body", "features", "story", "event", "override", "held")
    ),
)
DROP_OF_COLLECTION = (
    *(
        f"DELETE FROM {table} WHERE collection = ?"
        for table in (
            "lsh", "member", "stream", "mark", "tombstone", "editor_constraint",
            "collection_settings", "promotion",
        )
    ),
    "DELETE FROM collection WHERE id = ?",
)  # fmt: skip
