"""files.*: the upload in three steps, and what a file is.

https://docs.slack.dev/messaging/working-with-files/#uploading_files
"""

from __future__ import annotations

import mimetypes
import secrets

from sandbox.api.call import Call, Handler
from sandbox.api.chat import bot_message
from sandbox.workspace.errors import SlackError
from sandbox.workspace.model import File, Json
from sandbox.workspace.payloads import file_json, with_ids


def upload_url(call: Call) -> Json:
    """files.getUploadURLExternal"""
    try:
        length = int(call.text("length"))
    except ValueError:
        raise SlackError("invalid_arguments", ["length must be a number"]) from None
    if length <= 0:
        raise SlackError("invalid_arguments", ["length must be greater than 0"])
    name = call.text("filename")
    file = File(call.workspace.new_id("F"), name, length, call.app.id)
    file.mimetype = mimetypes.guess_type(name)[0] or file.mimetype
    call.workspace.files[file.id] = file
    return {
        "upload_url": f"{call.core.base_url}/upload/v1/{file.id}?sig={secrets.token_hex(8)}",
        "file_id": file.id,
    }


def complete(call: Call) -> Json:
    """files.completeUploadExternal"""
    workspace = call.workspace
    entries = call.json("files", "invalid_arguments")
    if not isinstance(entries, list) or not entries:
        raise SlackError("invalid_arguments", ["files must be a list"])
    files = []
    for entry in entries:
        file = workspace.files.get(str(entry.get("id"))) if isinstance(entry, dict) else None
        if file is None or file.content is None or file.app_id != call.app.id:
            raise SlackError("file_not_found")
        file.title = str(entry.get("title") or file.name)
        file.completed = True
        files.append(file)
    if call.text("channel_id"):
        channel = call.channel("channel_id", member=True)
        if channel.archived:
            raise SlackError("is_archived")
        message = bot_message(workspace, call.app, channel, call.text("initial_comment"))
        message.blocks = with_ids(call.blocks() or [])
        thread = call.text("thread_ts")
        if thread and thread not in channel.messages:
            raise SlackError("thread_not_found")
        message.thread_ts = thread or None
        message.subtype = "file_share"
        for file in files:
            file.shared_in.append(channel.id)
        message.files = [file_json(file, call.core.base_url) for file in files]
        call.core.happenings.post(message)
    workspace.changed("files")
    return {"files": [file_json(file, call.core.base_url) for file in files]}


def info(call: Call) -> Json:
    """files.info"""
    file = call.workspace.files.get(call.text("file"))
    if file is None or file.content is None:
        raise SlackError("file_not_found")
    return {
        "file": file_json(file, call.core.base_url),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


METHODS: dict[str, Handler] = {
    "files.completeUploadExternal": complete,
    "files.getUploadURLExternal": upload_url,
    "files.info": info,
}
