"""A program's settings: the catalogue of them, their forms, and what an edit changed.

Setting, Section                        cases/settings/catalogue.py: one row each
entered(program, section)               what stands in a section's form
read(section, given, program)           the program as the form has it; raises FieldErrors with all mistakes
changes(before, after)                  what that changed, as data
in_words(facts)                         what the record says was changed, in words
"""

from cases.settings.catalogue import LISTS, NOT_SHOWN, WEEK, Section, Setting, rows
from cases.settings.changes import Change, Line, changes, facts, in_words
from cases.settings.forms import Entered, entered, entries, read, without
from cases.settings.kinds import KnownGroups, Value
