# cython: language_level=3, boundscheck=False, wraparound=False
"""The walk of landxml.extract, and that of landxml.reading, in C: parsed elements -> columns, or objects.

The tree that lxml has parsed is read in place, through its public C interface; nothing is changed in it. So the
module fits only the lxml and the libxml2 whose headers it was built with, and refuses to be imported with
others. What is rare (a text in several pieces, a line that libxml2 does not know at once) is asked of lxml.
"""

from cpython.buffer cimport PyBuffer_FillInfo
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.conversion cimport PyOS_string_to_double
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.math cimport isfinite
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t
from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memcpy, memset, strcmp, strlen
from lxml.includes cimport etreepublic as lxml
from lxml.includes.tree cimport XML_CDATA_SECTION_NODE, XML_ELEMENT_NODE, XML_TEXT_NODE, xmlAttr, xmlNode, xmlNs

import sys

from lxml import etree

cdef extern from *:
    """
    #include <libxml/xmlversion.h>
    #include "lxml-version.h"
    static const int built_libxml = LIBXML_VERSION;
    static const char *built_lxml = LXML_VERSION_STRING;
    #define QUOTED(name) #name
    #define TEXT_OF(name) QUOTED(name)
    static const char *made_of = TEXT_OF(MADE_OF);
    /* Where a text begins beyond line 65,534, libxml2 keeps its line in a field that is free there. */
    static long line_kept(xmlNode *text) { return (long) (ptrdiff_t) text->psvi; }
    """
    const int built_libxml
    const char* built_lxml
    const char* made_of
    long line_kept(xmlNode* text)

MADE_OF = made_of.decode()
"""What stands for the source and the version of lxml (``hatch_build.py``)."""
BUILT_FOR = built_lxml.decode(), (built_libxml // 10_000, built_libxml // 100 % 100, built_libxml % 100)
"""Versions of lxml and of libxml2."""
if (etree.__version__, etree.LIBXML_VERSION) != BUILT_FOR:
    raise ImportError(f"built for lxml {BUILT_FOR[0]} with libxml2 {'.'.join(map(str, BUILT_FOR[1]))}")
lxml.import_lxml__etree()

cdef const char* GML = b"http://www.opengis.net/gml/3.2"
cdef const char* XLINK = b"http://www.w3.org/1999/xlink"
cdef const char* NOWHERE = b""  # the namespace of a name in none
cdef int BIG_LINE = 65_535
cdef Py_ssize_t MOST = 2**31 - 1  # Arrow counts the bytes of a column so far

cdef enum Kind:
    TEXT, TEXTS, HREF, HREFS, RECORD, INSIDE, OBJECT, GEOMETRY, PARSED

KINDS = {
    "text": TEXT, "texts": TEXTS, "href": HREF, "hrefs": HREFS, "record": RECORD, "inside": INSIDE,
    "object": OBJECT, "geometry": GEOMETRY, "parsed": PARSED,
}


# Memory


cdef void* _room(void* block, Py_ssize_t size) except NULL:
    block = realloc(block, size)
    if block is NULL:
        raise MemoryError
    return block


cdef class Memory:
    """A block of memory that is handed to Arrow."""

    cdef void* block
    cdef Py_ssize_t size

    def __dealloc__(self):
        free(self.block)

    def __getbuffer__(self, Py_buffer* view, int flags):
        PyBuffer_FillInfo(view, self, self.block if self.block is not NULL else <void*> b"", self.size, 1, flags)


cdef Memory _memory(void* block, Py_ssize_t size):
    cdef Memory found = Memory.__new__(Memory)
    found.block, found.size = block, size
    return found


cdef class Column:
    """Texts of one column, or lists of them (``items``), in the form of Arrow.

    ``ends`` has where each row ends in ``data``, or among the items; ``there`` a bit for each that is not null.
    """

    cdef Py_ssize_t rows, room, size, space, absent
    cdef int32_t* ends
    cdef uint8_t* there
    cdef char* data
    cdef Column items

    def __cinit__(self, repeated=False):
        self.items = Column() if repeated else None
        self.begin()

    def __dealloc__(self):
        free(self.ends)
        free(self.there)
        free(self.data)

    cdef int begin(self) except -1:
        self.rows = self.size = self.space = self.absent = 0
        self.ends, self.there, self.data = NULL, NULL, NULL
        self.room = 64
        self.ends = <int32_t*> _room(NULL, (self.room + 1) * sizeof(int32_t))
        self.there = <uint8_t*> _room(NULL, self.room // 8)
        memset(self.there, 0, self.room // 8)
        self.ends[0] = 0
        return 0

    cdef int reach(self, Py_ssize_t row) except -1:
        """Make room up to a row, and leave those before it that have nothing null."""
        cdef Py_ssize_t room = self.room
        while room <= row:
            room *= 2
        if room > self.room:
            self.ends = <int32_t*> _room(self.ends, (room + 1) * sizeof(int32_t))
            self.there = <uint8_t*> _room(self.there, room // 8)
            memset(self.there + self.room // 8, 0, (room - self.room) // 8)
            self.room = room
        while self.rows < row:
            self.rows += 1
            self.absent += 1
            self.ends[self.rows] = self.ends[self.rows - 1]
        return 0

    cdef int put(self, Py_ssize_t row, const char* text, Py_ssize_t length) except -1:
        """Set the text of a row, behind all before it; of several in one row the last counts."""
        self.cut(row)
        if text is NULL:
            return 0
        self.reach(row)
        if self.size + length > self.space:
            if self.size + length > MOST:
                raise MemoryError
            self.space = 2 * (self.size + length)
            self.data = <char*> _room(self.data, self.space)
        memcpy(self.data + self.size, text, length)
        self.size += length
        self.mark(row)
        return 0

    cdef int item(self, Py_ssize_t row, const char* text, Py_ssize_t length) except -1:
        """Add a text to the list of a row, the last one."""
        if self.items.rows == MOST:
            raise MemoryError
        self.reach(row)
        self.items.put(self.size, text, length)
        self.size += 1
        self.items.reach(self.size)
        if self.rows == row:
            self.mark(row)
        else:
            self.ends[self.rows] = <int32_t> self.size
        return 0

    cdef void mark(self, Py_ssize_t row) noexcept:
        self.there[row // 8] |= 1 << (row % 8)
        self.rows = row + 1
        self.ends[self.rows] = <int32_t> self.size

    cdef void cut(self, Py_ssize_t rows) noexcept:
        """Forget all behind so many rows."""
        while self.rows > rows:
            self.rows -= 1
            if self.there[self.rows // 8] >> (self.rows % 8) & 1:
                self.there[self.rows // 8] &= ~(1 << (self.rows % 8))
            else:
                self.absent -= 1
        self.size = self.ends[self.rows]
        if self.items is not None:
            self.items.cut(self.size)

    cdef tuple take(self, Py_ssize_t rows):
        """Return number of rows, of nulls, and the memory of marks, ends and data; begin anew."""
        self.reach(rows)
        marks = _memory(self.there, (self.room + 7) // 8)
        ends = _memory(self.ends, (rows + 1) * sizeof(int32_t))
        data = None if self.items is not None else _memory(self.data, self.size)
        inside = None if self.items is None else self.items.take(self.size)
        found = rows, self.absent, marks, ends, data, inside
        self.begin()
        return found


# What elements mean


cdef struct Action:
    const char* name
    Kind kind
    int column
    void* target  # Rows, Actions, or a tuple of Python; lent


cdef class Actions:
    """What is done with each child of an element, by its name; all are of one namespace."""

    cdef Action* table
    cdef unsigned int mask
    cdef list kept

    def __init__(self, found):
        """Take ``{tag: (kind, column, target)}``."""
        cdef unsigned int at
        self.kept = []
        self.mask = 4
        while self.mask < 2 * len(found):
            self.mask *= 2
        self.table = <Action*> calloc(self.mask, sizeof(Action))
        if self.table is NULL:
            raise MemoryError
        self.mask -= 1
        for tag, (kind, column, target) in found.items():
            name = tag.rpartition("}")[2].encode()
            self.kept.append((name, target))
            at = _hash(name) & self.mask
            while self.table[at].name is not NULL:
                at = (at + 1) & self.mask
            self.table[at] = Action(name, KINDS[kind], column, <void*> target)

    def __dealloc__(self):
        free(self.table)

    cdef Action* find(self, const char* name) noexcept:
        cdef unsigned int at = _hash(name) & self.mask
        while self.table[at].name is not NULL:
            if strcmp(self.table[at].name, name) == 0:
                return &self.table[at]
            at = (at + 1) & self.mask
        return NULL


cdef unsigned int _hash(const char* name) noexcept:
    cdef unsigned int found = 2166136261u
    while name[0]:
        found = (found ^ <uint8_t> name[0]) * 16777619u
        name += 1
    return found


cdef class Rows:
    """The rows of one class: its held columns (file, id, parent, dossier), lines, and its fields."""

    cdef readonly Py_ssize_t count
    cdef Py_ssize_t room
    cdef int64_t* lines
    cdef list columns
    cdef Column file, id, parent, dossier
    cdef Actions actions
    cdef bytes name
    cdef int key
    cdef bint vendor

    def __init__(self, str name, int key, bint vendor, lists):
        self.name, self.key, self.vendor = name.encode(), key, vendor
        self.columns = [Column(repeated) for repeated in lists]
        self.file, self.id, self.parent, self.dossier = Column(), Column(), Column(), Column()
        self.begin()

    def __dealloc__(self):
        free(self.lines)

    cdef int begin(self) except -1:
        self.count, self.room, self.lines = 0, 0, NULL
        return 0

    cdef int end(self, long line) except -1:
        """End a row."""
        if self.count == self.room:
            self.room = 2 * self.room + 64
            self.lines = <int64_t*> _room(self.lines, self.room * sizeof(int64_t))
        self.lines[self.count] = line
        self.count += 1
        return 0

    def forget(self, bytes file):
        """Drop the rows of the last file, and what has been put into one that did not come to its end."""
        cdef Py_ssize_t last, size = PyBytes_GET_SIZE(file)
        before = self.count
        while self.count:
            last = self.file.ends[self.count - 1]
            if self.file.data[last : self.file.ends[self.count]] != file:
                break
            self.count -= 1
        for column in (self.file, self.id, self.parent, self.dossier, *self.columns):
            (<Column> column).cut(self.count)
        return before - self.count

    def take(self):
        """Return the lines, the held columns, and those of the fields; begin anew."""
        cdef Py_ssize_t count = self.count
        lines = _memory(self.lines, count * sizeof(int64_t))
        held = [column.take(count) for column in (self.file, self.id, self.parent, self.dossier)]
        fields = [(<Column> column).take(count) for column in self.columns]
        self.begin()
        return count, lines, held, fields


# Reading the tree


cdef struct Piece:
    const char* text  # NULL if there is none
    Py_ssize_t length


cdef class Reader:
    """What both walks ask of elements of one namespace; names of no other mean anything."""

    cdef bytes space
    cdef xmlNs* known  # the namespace seen last, in the record that is walked
    cdef bint ours
    cdef object held  # keeps a text that lxml had to join
    cdef lxml._Document document
    cdef object line_of

    cdef bint belongs(self, xmlNode* node) noexcept:
        if node.ns is NULL or node.ns.href is NULL:
            return PyBytes_GET_SIZE(self.space) == 0
        if node.ns != self.known:
            self.known = node.ns
            self.ours = strcmp(<const char*> node.ns.href, PyBytes_AS_STRING(self.space)) == 0
        return self.ours

    cdef Piece text(self, xmlNode* node) except *:
        """Text of an element up to its first child, as lxml has it."""
        cdef xmlNode* first = node.children
        cdef Piece found = Piece(NULL, 0)
        if first is NULL:
            return found
        if first.type == XML_TEXT_NODE and first.next is NULL:
            found.text = <const char*> first.content
            found.length = strlen(found.text)
            return found
        text = lxml.textOf(node)
        if text is not None:
            found = self.hold(text)
        return found

    cdef Piece hold(self, str text) except *:
        self.held = text.encode()
        return Piece(PyBytes_AS_STRING(self.held), PyBytes_GET_SIZE(self.held))

    cdef Piece attribute(self, xmlNode* node, const char* name, const char* space) except *:
        cdef xmlAttr* found = node.properties
        while found is not NULL:
            if strcmp(<const char*> found.name, name) == 0 and strcmp(_space(found.ns), space) == 0:
                return self.content(node, found)
            found = found.next
        return Piece(NULL, 0)

    cdef Piece content(self, xmlNode* node, xmlAttr* attribute) except *:
        cdef xmlNode* inside = attribute.children
        if inside is not NULL and inside.type == XML_TEXT_NODE and inside.next is NULL:
            return Piece(<const char*> inside.content, strlen(<const char*> inside.content))
        return self.hold(lxml.attributeValue(node, attribute))

    cdef Piece reference(self, xmlNode* node) except *:
        """Id that a reference names; none if it is not ``#id``."""
        cdef Piece found = self.attribute(node, b"href", XLINK)
        if found.length > 1 and found.text[0] == c"#":
            return Piece(found.text + 1, found.length - 1)
        return Piece(NULL, 0)

    cdef long line(self, xmlNode* node) except -1:
        """Line of a start tag, as ``line_of`` has it."""
        cdef xmlNode* first = node.children
        cdef const char* text
        cdef long line
        if node.line < BIG_LINE:
            return node.line
        if first is not NULL and first.type == XML_TEXT_NODE and first.content[0]:
            if first.next is NULL or first.next.type == XML_ELEMENT_NODE:
                line = line_kept(first)
                if line > BIG_LINE:
                    text = <const char*> first.content
                    while text[0]:
                        line -= text[0] == c"\n"
                        text += 1
                    return line
        return self.line_of(lxml.elementFactory(self.document, node))


cdef str _string(Piece found):
    return PyUnicode_DecodeUTF8(found.text, found.length, NULL) if found.length else ""


def bare(lxml._Element element):
    """Tell whether an element has no attributes, and around its children nothing but blanks."""
    cdef xmlNode* child = element._c_node.children
    cdef const char* text
    if element._c_node.properties is not NULL:
        return False
    while child is not NULL:
        if child.type == XML_TEXT_NODE:
            text = <const char*> child.content
            while text[0] in b" \t\r\n" and text[0]:
                text += 1
            if text[0]:
                return False
        elif child.type != XML_ELEMENT_NODE:
            return False
        child = child.next
    return True


# Columns


cdef class Shape(Reader):
    """The rings of one geometry, and what its attributes say, as ``landxml.geometry.Rings.add`` takes them."""

    cdef list texts, first, owner, ids, srs, dimensions, counts
    cdef dict reverts
    cdef Py_ssize_t index, begin
    cdef bint empty

    def __init__(self, rings):
        self.texts, self.first, self.owner, self.reverts = rings.texts, rings.first, rings.owner, rings.reverts
        self.index, self.begin, self.empty = len(rings.rows), len(rings.texts), False
        self.ids, self.srs, self.dimensions, self.counts = [], [], [], []

    cdef int part(self, xmlNode* node) except -1:
        """Look at an element and all below it."""
        cdef const char* name = <const char*> node.name
        cdef xmlNode* child = node.children
        cdef bint outer, listed = False
        if node.ns is not NULL and strcmp(<const char*> node.ns.href, GML) == 0:
            outer = strcmp(name, b"exterior") == 0
            listed = strcmp(name, b"posList") == 0
            if outer or strcmp(name, b"interior") == 0:
                self.texts.append(_string(self.text(node)))
                self.first.append(outer or len(self.texts) == self.begin + 1)
                self.owner.append(self.index)
                self.empty = True
            elif listed and self.empty:
                self.texts[len(self.texts) - 1] = _string(self.text(node))
                self.empty = False
        self.said(node, listed)
        while child is not NULL:
            if child.type == XML_ELEMENT_NODE:
                self.part(child)
            child = child.next
        return 0

    cdef int said(self, xmlNode* node, bint listed) except -1:
        cdef xmlAttr* attribute = node.properties
        cdef const char* name
        while attribute is not NULL:
            name = <const char*> attribute.name
            value = _string(self.content(node, attribute))
            if attribute.ns is not NULL:
                if strcmp(name, b"id") == 0 and strcmp(<const char*> attribute.ns.href, GML) == 0:
                    self.ids.append(value)
            elif strcmp(name, b"srsName") == 0:
                self.srs.append(" ".join(value.split()))
            elif strcmp(name, b"srsDimension") == 0:
                self.dimensions.append(value.strip())
            elif listed and strcmp(name, b"count") == 0:
                self.counts.append((len(self.texts) - 1, value.strip()))
            elif strcmp(name, b"srsRevert") == 0:
                self.reverts.setdefault(self.index, value)
            attribute = attribute.next
        return 0


cdef struct Waiting:
    xmlNode* node
    void* rows


cdef class Walk(Reader):
    """Takes records into columns, as :class:`landxml.extract.Extractor` does.

    Parameters
    ----------
    space
        Namespace of all elements.
    plans, top
        Rows by class; those of records that stand for themselves by tag.
    earlier
        Class of a dossier in another, and what stands in the ids of its records.
    line_of, key_of
        As in :mod:`landxml.extract`, for what is rare.
    said
        The class ``Said`` of :mod:`landxml.geometry`.
    """

    cdef readonly dict plans
    cdef Actions top
    cdef Rows root
    cdef bytes earlier
    cdef object key_of, said, rings
    cdef dict numbers
    cdef Waiting* waiting
    cdef Py_ssize_t waits, room
    cdef bytes file

    def __init__(self, str space, dict plans, dict top, str root, str earlier, line_of, key_of, said):
        self.space = space.encode()
        self.plans = plans
        self.top = Actions({tag: ("record", 0, rows) for tag, rows in top.items()})
        self.root = plans.get(root)
        self.earlier = earlier.encode()
        self.line_of, self.key_of, self.said = line_of, key_of, said
        self.numbers = {}

    def __dealloc__(self):
        free(self.waiting)

    @staticmethod
    def means(Rows rows, Actions actions):
        """Say what the children of the elements of a class mean."""
        rows.actions = actions

    def add(self, lxml._Element element, str file, rings):
        """Add one record of a GML document, and all that is nested in it; return how many were added."""
        self.start(element, file, rings)
        cdef Action* action = self.top.find(<const char*> element._c_node.name)
        if action is NULL or not self.belongs(element._c_node):
            return 0
        return self.record(element._c_node, <Rows> action.target, None, None)

    def dossier(self, lxml._Element element, str file, str dossier, rings):
        """Add every record of one dossier; return how many were added."""
        self.start(element, file, rings)
        self.numbers.clear()
        return self.record(element._c_node, self.root, None, dossier.encode())

    cdef int start(self, lxml._Element element, str file, rings) except -1:
        self.document, self.file, self.rings = element._doc, file.encode(), rings
        self.known, self.waits = NULL, 0
        return 0

    cdef Py_ssize_t record(self, xmlNode* node, Rows rows, bytes parent, bytes dossier) except -1:
        """Add a record, then those inside: their ids may need the key of this one."""
        cdef Py_ssize_t begin = self.waits, row = rows.count, count = 1, at, end
        cdef bytes inner, name
        cdef Rows below
        cdef Piece id
        self.fields(node, rows.actions, rows, row)
        if dossier is None:
            id = self.attribute(node, b"id", GML)
            name = None if id.text is NULL else PyBytes_FromStringAndSize(id.text, id.length)
        else:
            name = self.named(rows, row, dossier)
            rows.dossier.put(row, PyBytes_AS_STRING(dossier), PyBytes_GET_SIZE(dossier))
        if name is not None:
            rows.id.put(row, PyBytes_AS_STRING(name), PyBytes_GET_SIZE(name))
        if parent is not None:
            rows.parent.put(row, PyBytes_AS_STRING(parent), PyBytes_GET_SIZE(parent))
        rows.file.put(row, PyBytes_AS_STRING(self.file), PyBytes_GET_SIZE(self.file))
        rows.end(self.line(node))
        end = self.waits
        for at in range(begin, end):
            below = <Rows> self.waiting[at].rows
            inner = dossier
            if dossier is not None and below is self.root:
                inner = b"%s%s%d" % (dossier, self.earlier, self.next(self.earlier, dossier))
            count += self.record(self.waiting[at].node, below, name, inner)
        self.waits = begin
        return count

    cdef bytes named(self, Rows rows, Py_ssize_t row, bytes dossier):
        cdef Column column
        cdef Piece key = Piece(NULL, 0)
        if rows.key >= 0:
            column = <Column> rows.columns[rows.key]
            if column.rows > row:
                key = Piece(column.data + column.ends[row], column.ends[row + 1] - column.ends[row])
        if key.length and not _plain(key):
            key = self.hold(self.key_of(PyUnicode_DecodeUTF8(key.text, key.length, NULL)))
        if key.length:
            return b"%s.%s.%s" % (rows.name, dossier, PyBytes_FromStringAndSize(key.text, key.length))
        return b"%s.%s.stt-%d" % (rows.name, dossier, self.next(rows.name, dossier))

    cdef Py_ssize_t next(self, bytes name, bytes dossier) except -1:
        found = self.numbers[name, dossier] = self.numbers.get((name, dossier), 0) + 1
        return found

    cdef int fields(self, xmlNode* node, Actions actions, Rows rows, Py_ssize_t row) except -1:
        """Fill a row, and list the records inside."""
        cdef xmlNode* child = node.children
        cdef Action* action
        cdef Piece found
        while child is not NULL:
            if child.type == XML_ELEMENT_NODE and self.belongs(child):
                action = actions.find(<const char*> child.name)
                if action is not NULL:
                    if action.kind == TEXT or action.kind == TEXTS:
                        found = self.text(child)
                        self.keep(rows, action, row, found)
                    elif action.kind == HREF or action.kind == HREFS:
                        found = self.reference(child)
                        self.keep(rows, action, row, found)
                    elif action.kind == RECORD:
                        self.wait(child, action.target)
                    elif action.kind == INSIDE:
                        self.fields(child, <Actions> action.target, rows, row)
                    elif action.kind == OBJECT:
                        self.object(child)
                    elif lxml.hasChild(child) or not rows.vendor:  # that of a vendor may be empty
                        self.shape(child, row)
            child = child.next
        return 0

    cdef int shape(self, xmlNode* node, Py_ssize_t row) except -1:
        cdef Shape shape = Shape(self.rings)
        shape.part(node)
        self.rings.end(row, self.said(shape.ids, shape.srs, shape.dimensions, shape.counts))
        return 0

    cdef int keep(self, Rows rows, Action* action, Py_ssize_t row, Piece found) except -1:
        cdef Column column = <Column> rows.columns[action.column]
        if action.kind == TEXTS or action.kind == HREFS:
            return column.item(row, found.text, found.length)
        return column.put(row, found.text, found.length)

    cdef int object(self, xmlNode* node) except -1:
        cdef xmlNode* child = node.children
        cdef Action* action
        while child is not NULL:
            if child.type == XML_ELEMENT_NODE and self.belongs(child):
                action = self.top.find(<const char*> child.name)
                if action is not NULL:
                    self.wait(child, action.target)
            child = child.next
        return 0

    cdef int wait(self, xmlNode* node, void* rows) except -1:
        if self.waits == self.room:
            self.room = 2 * self.room + 64
            self.waiting = <Waiting*> _room(self.waiting, self.room * sizeof(Waiting))
        self.waiting[self.waits] = Waiting(node, rows)
        self.waits += 1
        return 0


cdef bint _plain(Piece key) noexcept:
    """Whether a key is a number without a sign, as nearly all are."""
    cdef Py_ssize_t at
    if key.length > 18 or key.text[0] == c"0":
        return False
    for at in range(key.length):
        if key.text[at] < c"0" or key.text[at] > c"9":
            return False
    return True


# Objects


cdef class Objects(Reader):
    """Makes the objects of records, as ``landxml.reading`` does; asks for the reference where one is wrong.

    ``plans`` are the actions and the type of each class, by name. Of an action ``target`` is the name of the
    field, its function or the class of a nested record, and what holds all its values: of texts a ``Form``,
    of numbers a range. The function of a geometry takes ``srsName``, the number of polygons of a MultiSurface,
    and WKB from the first of them on, or from the rings of the one polygon that there is.
    """

    cdef dict plans
    cdef char* wkb
    cdef Py_ssize_t size, room

    def __init__(self, str space, dict plans, line_of):
        self.space = space.encode()
        self.plans, self.line_of = plans, line_of

    def __dealloc__(self):
        free(self.wkb)

    def of(self, lxml._Element member):
        """Return the object of each record in an element, and its line.

        Raises
        ------
        LookupError, TypeError, ValueError
            At the first that cannot be read.
        """
        cdef xmlNode* node = lxml.findChildForwards(member._c_node, 0)
        cdef list found = []
        self.document, self.known = member._doc, NULL
        while node is not NULL:
            if not self.belongs(node):
                raise LookupError
            found.append((self.record(node, (<const char*> node.name).decode()), self.line(node)))
            node = lxml.nextElement(node)
        return found

    cdef object record(self, xmlNode* node, str name):
        cdef xmlNode* child = node.children
        cdef Action* action
        cdef Piece id = self.attribute(node, b"id", GML)
        cdef dict values = {} if id.text is NULL else {"id": _string(id)}
        cdef list lists = []
        actions, struct = <tuple> self.plans[name]
        while child is not NULL:
            if child.type == XML_ELEMENT_NODE:
                action = (<Actions> actions).find(<const char*> child.name) if self.belongs(child) else NULL
                if action is NULL:
                    raise LookupError
                field, make, allowed = <tuple> action.target
                value = self.value(child, action.kind, make, allowed)
                if not action.column:
                    if field in values:
                        raise ValueError
                    values[field] = value
                elif field in values:
                    (<list> values[field]).append(value)
                else:  # a list
                    values[field] = [value]
                    lists.append(field)
            child = child.next
        for field in lists:
            values[field] = tuple(values[field])
        return struct(**values)

    cdef object value(self, xmlNode* node, Kind kind, object make, object allowed):
        cdef Piece found
        if kind == TEXT:
            found = self.text(node)
            if not (<Form> allowed).fits(found.text if found.length else NOWHERE):
                raise ValueError
            return _string(found)
        if kind == PARSED:
            value = make(_string(self.text(node)))
            if allowed is not None and value not in allowed:
                raise ValueError
            return value
        if kind == HREF:
            found = self.reference(node)
            if found.text is NULL:
                raise ValueError
            return _string(found)
        return self.nested(node, make) if kind == OBJECT else self.geometry(node, make)

    cdef object nested(self, xmlNode* node, str name):
        """Object of the one record in an element."""
        cdef xmlNode* child = _only(node)
        if not self.belongs(child):
            raise ValueError
        if strcmp(<const char*> child.name, PyBytes_AS_STRING(name.encode())) != 0:
            raise ValueError
        return self.record(child, name)

    cdef object geometry(self, xmlNode* node, object make):
        """Geometry of a property, as ``landxml.shapes.shape`` reads it."""
        cdef xmlNode* gml = _only(node)
        cdef xmlNode* member = lxml.findChildForwards(gml, 0)
        cdef xmlNode* polygon
        polygons = None
        self.size = 0
        if _is_gml(gml, b"Polygon"):
            self.rings(gml)
        elif _is_gml(gml, b"MultiSurface"):
            polygons = 0
            while member is not NULL:
                polygon = lxml.findChildForwards(member, 0)
                while polygon is not NULL:
                    self.put(&LITTLE, sizeof(LITTLE))
                    self.put(&POLYGON, sizeof(POLYGON))
                    self.rings(polygon)
                    polygons += 1
                    polygon = lxml.nextElement(polygon)
                member = lxml.nextElement(member)
        else:
            raise ValueError
        srs = _string(self.attribute(gml, b"srsName", NOWHERE))
        return make(srs, polygons, PyBytes_FromStringAndSize(self.wkb, self.size))

    cdef int rings(self, xmlNode* polygon) except -1:
        cdef xmlNode* role = lxml.findChildForwards(polygon, 0)
        cdef Py_ssize_t begin = self.size
        cdef uint32_t count = 0
        self.put(&count, sizeof(count))
        if role is NULL:
            raise ValueError
        while role is not NULL:
            if not _is_gml(role, b"interior" if count else b"exterior"):
                raise ValueError
            self.ring(_only(_only(role)))
            count += 1
            role = lxml.nextElement(role)
        memcpy(self.wkb + begin, &count, sizeof(count))
        return 0

    cdef int ring(self, xmlNode* positions) except -1:
        cdef Piece text = self.text(positions)
        cdef const char* at = text.text if text.length else NOWHERE
        cdef Py_ssize_t begin = self.size
        cdef uint32_t count = 0
        cdef double[4] ends
        cdef double number, total = 0
        cdef char* behind
        self.put(&count, sizeof(count))
        while True:
            while at[0] and at[0] in b" \t\r\n":
                at += 1
            if not at[0]:
                break
            number = PyOS_string_to_double(at, &behind, NULL)
            if behind[0] and behind[0] not in b" \t\r\n":
                raise ValueError
            self.put(&number, sizeof(number))
            total += number
            count += 1
            at = behind
        if count < 8 or count % 2 or not isfinite(total):
            raise ValueError
        memcpy(ends, self.wkb + begin + sizeof(count), 2 * sizeof(number))
        memcpy(ends + 2, self.wkb + self.size - 2 * sizeof(number), 2 * sizeof(number))
        if ends[0] != ends[2] or ends[1] != ends[3]:
            raise ValueError
        count //= 2
        memcpy(self.wkb + begin, &count, sizeof(count))
        return 0

    cdef int put(self, const void* what, Py_ssize_t length) except -1:
        if self.size + length > self.room:
            self.room = 2 * (self.size + length)
            self.wkb = <char*> _room(self.wkb, self.room)
        memcpy(self.wkb + self.size, what, length)
        self.size += length
        return 0


cdef uint8_t LITTLE = sys.byteorder == "little"
cdef uint32_t POLYGON = 3


cdef bint _is_gml(xmlNode* node, const char* name) noexcept:
    return strcmp(<const char*> node.name, name) == 0 and strcmp(_space(node.ns), GML) == 0


cdef xmlNode* _only(xmlNode* node) except NULL:
    """The one element in an element."""
    cdef xmlNode* child = lxml.findChildForwards(node, 0)
    if child is NULL or lxml.nextElement(child) is not NULL:
        raise ValueError
    return child


# What surely conforms to a schema


cdef class Form:
    """The form of a text: its length in characters, bytes that it is made of, or what a function says of it.

    ``first`` and ``rest`` are the bytes it may begin and go on with; where it is ``like`` another text, they
    stand in the place of zeros, and all else is the same. ``right`` is asked once for a short text.
    ``most`` and ``behind`` are the digits that numbers have before and behind the point; where ``several`` are
    allowed, each may have a sign, and one blank stands between them.
    """

    cdef Py_ssize_t least, most, behind
    cdef bint several
    cdef bytes first, rest, like
    cdef object right
    cdef set known

    def __init__(
        self, least, most, bytes first=None, bytes rest=None, right=None, behind=0, several=False, bytes like=None
    ):
        self.least, self.most, self.right, self.known = least, most, right, set()
        self.first, self.rest = first and _marks(first), rest and _marks(rest)
        self.behind, self.several, self.like = behind, several, like

    cdef bint fits(self, const char* text) except -1:
        cdef Py_ssize_t length = strlen(text), characters = length, at
        cdef const uint8_t* marks
        if self.right is not None:
            return self.asked(text, length)
        if self.behind:
            return self.numbers(text) if length else not self.least
        if self.rest is not None:
            if not self.least <= length <= self.most or not length:
                return not length and not self.least
            if not (<const uint8_t*> PyBytes_AS_STRING(self.first))[<uint8_t> text[0]]:
                return False
            marks = <const uint8_t*> PyBytes_AS_STRING(self.rest)
            for at in range(1, length):
                if self.like is not None and self.like[at] != c"0":
                    if text[at] != self.like[at]:
                        return False
                elif not marks[<uint8_t> text[at]]:
                    return False
            return True
        for at in range(length if length > self.most or self.least > 1 else 0):
            characters -= (<uint8_t> text[at] & 0xC0) == 0x80
        return self.least <= characters <= self.most

    cdef bint numbers(self, const char* text) noexcept:
        cdef Py_ssize_t count
        while True:
            text += self.several and text[0] == c"-"
            count = _digits(text)
            text += count
            if not 0 < count <= self.most:
                return False
            if text[0] == c".":
                count = _digits(text + 1)
                text += 1 + count
                if not 0 < count <= self.behind:
                    return False
            if not text[0] or not self.several or text[0] != c" ":
                return not text[0]
            text += 1

    cdef bint asked(self, const char* text, Py_ssize_t length) except -1:
        said = PyBytes_FromStringAndSize(text, length)
        if said in self.known:
            return True
        if not self.right(said):
            return False
        if length <= SHORT and len(self.known) < REMEMBERED:
            self.known.add(said)
        return True


cdef enum:
    SHORT = 32
    REMEMBERED = 50_000  # dates of a century are some 36,500


cdef Py_ssize_t _digits(const char* text) noexcept:
    cdef Py_ssize_t count = 0
    while c"0" <= text[count] <= c"9":
        count += 1
    return count


cdef bytes _marks(bytes members):
    return bytes(byte in members for byte in range(256))


cdef enum Order:
    IN_ORDER, IN_ANY_ORDER, ONE_OF, SOME_OF

ORDERS = {"sequence": IN_ORDER, "all": IN_ANY_ORDER, "choice": ONE_OF, "choices": SOME_OF}


cdef struct Part:
    const char* name
    const char* space
    Py_ssize_t least, most
    void* content  # lent


cdef class Content:
    """What may stand in an element: a text of a form, or parts, each an element; and which attributes.

    As long as nothing is said of it, nothing is known to conform.

    ``empty`` tells that there may also be no part at all, ``other`` that any attribute may stand there. Behind
    the parts stands the element itself.
    """

    cdef Form text
    cdef Order order
    cdef Part* parts
    cdef Py_ssize_t count
    cdef bint known, empty, other
    cdef int needed
    cdef list attributes, kept

    def __cinit__(self):
        self.parts, self.count, self.attributes, self.kept = NULL, 0, [], []

    def __dealloc__(self):
        free(self.parts)

    def means(self, str tag, Form text, str order, list parts, bint empty, list attributes, bint other):
        """Say of which element, and what; a part is ``(tag, least, most, content)``, an attribute likewise."""
        self.known, self.text, self.empty, self.other = True, text, empty, other
        self.order, self.count = ORDERS[order], len(parts)
        self.parts = <Part*> _room(NULL, (len(parts) + 1) * sizeof(Part))
        for at, (name, least, most, content) in enumerate([*parts, (tag, 1, 1, None)]):
            space, local = _split(name)
            self.kept.append((space, local, content))
            self.parts[at] = Part(<bytes> local, <bytes> space, least, most, <void*> content)
        self.attributes = [(*_split(name), least, form) for name, least, form in attributes]
        self.needed = sum(least for _, least, _ in attributes)

    def holds(self, lxml._Element element):
        """Tell whether it is such an element, surely conforms, and nothing but blanks stands behind it."""
        cdef xmlNode* behind = element._c_node.next
        while behind is not NULL and behind.type != XML_ELEMENT_NODE:
            if behind.type != XML_TEXT_NODE or not _blank(behind):
                return False
            behind = behind.next
        return self.known and _is(element._c_node, &self.parts[self.count]) and self.conforms(element._c_node)

    cdef bint conforms(self, xmlNode* node) except -1:
        cdef xmlNode* child = node.children
        cdef xmlNode* first
        if not self.known or not self.named(node):
            return False
        if self.text is not None:
            return _fits(child, self.text)
        if not self.count:
            return child is NULL
        while child is not NULL:
            if child.type != XML_ELEMENT_NODE and not (child.type == XML_TEXT_NODE and _blank(child)):
                return False
            child = child.next
        first = lxml.findChildForwards(node, 0)
        if first is NULL and self.empty:
            return True
        return self.in_order(first) if self.order == IN_ORDER else self.in_any_order(first)

    cdef bint in_order(self, xmlNode* child) except -1:
        """Whether the elements from this one on are the parts one after another, each as often as it may come."""
        cdef Py_ssize_t at, times
        for at in range(self.count):
            times = 0
            while child is not NULL and _is(child, &self.parts[at]):
                times += 1
                if not (<Content> self.parts[at].content).conforms(child):
                    return False
                child = lxml.nextElement(child)
            if not self.parts[at].least <= times <= self.parts[at].most:
                return False
        return child is NULL

    cdef bint in_any_order(self, xmlNode* child) except -1:
        """Whether they are the parts, each once at most and all that are needed; or one of them, or only some."""
        cdef Py_ssize_t at = 0, found = 0
        cdef unsigned long long seen = 0
        while child is not NULL:
            for _ in range(self.count):
                if _is(child, &self.parts[at]):
                    break
                at = (at + 1) % self.count
            else:
                return False
            if not (<Content> self.parts[at].content).conforms(child):
                return False
            if self.order == IN_ANY_ORDER:
                if seen >> at & 1:
                    return False
                seen |= 1ull << at
            found += 1
            child = lxml.nextElement(child)
        if self.order == IN_ANY_ORDER:
            for at in range(self.count):
                if self.parts[at].least and not seen >> at & 1:
                    return False
            return True
        return found == 1 if self.order == ONE_OF else found > 0

    cdef bint named(self, xmlNode* node) except -1:
        """Whether the attributes are those that may and must be there."""
        cdef xmlAttr* attribute = <xmlAttr*> node.properties
        cdef const char* space
        cdef int needed = self.needed
        while attribute is not NULL:
            space = _space(attribute.ns)
            if strcmp(space, XSI) == 0:
                return False
            for where, name, least, form in self.attributes:
                if strcmp(<const char*> attribute.name, <bytes> name) == 0 and strcmp(space, <bytes> where) == 0:
                    if form is None or not _fits(attribute.children, form):
                        return False
                    needed -= least
                    break
            else:
                if not self.other:
                    return False
            attribute = attribute.next
        return needed == 0


cdef const char* XSI = b"http://www.w3.org/2001/XMLSchema-instance"


cdef tuple _split(str tag):
    """Namespace and name."""
    space, _, name = tag.rpartition("}")
    return space[1:].encode(), name.encode()


cdef bint _is(xmlNode* node, Part* part) noexcept:
    if strcmp(<const char*> node.name, part.name) != 0:
        return False
    return strcmp(_space(node.ns), part.space) == 0


cdef const char* _space(xmlNs* ns) noexcept:
    return NOWHERE if ns is NULL else <const char*> ns.href


cdef bint _fits(xmlNode* text, Form form) except -1:
    """Whether what stands in an element or attribute is at most one text, and of a form."""
    if text is NULL or text.content is NULL:
        return text is NULL and form.fits(b"")
    return text.type == XML_TEXT_NODE and text.next is NULL and form.fits(<const char*> text.content)


cdef bint _blank(xmlNode* node) noexcept:
    cdef const char* text = <const char*> node.content
    while text is not NULL and text[0]:
        if text[0] != c" " and text[0] != c"\n" and text[0] != c"\t" and text[0] != c"\r":
            return False
        text += 1
    return True
