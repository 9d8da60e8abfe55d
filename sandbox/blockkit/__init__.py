"""Block Kit as strict as Slack: what it would refuse in a message, a view or a message's metadata.

Every problem reads like Slack's own, without its ``[ERROR]`` prefix::

    must be less than 76 characters [json-pointer:/blocks/0/text/text]
"""

from sandbox.blockkit.size import too_long
from sandbox.blockkit.views import problems_in_message, problems_in_metadata, problems_in_view

__all__ = ["problems_in_message", "problems_in_metadata", "problems_in_view", "too_long"]
