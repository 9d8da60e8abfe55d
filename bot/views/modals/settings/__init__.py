"""`/askdesk settings`: an overview, a form for each section, and lists of departments and shifts upon it."""

from bot.views.modals.frame import problem as trouble
from bot.views.modals.settings.entries import entry_list
from bot.views.modals.settings.fields import read_form
from bot.views.modals.settings.overview import overview
from bot.views.modals.settings.sections import asked_again, group_options, section_form
from bot.views.modals.settings.setup import SET_UP_SECTIONS, set_up
