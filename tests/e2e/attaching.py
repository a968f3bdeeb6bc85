"""Files for the composer, handed over as a browser does, and what becomes of them there."""

import base64
from itertools import count

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.e2e.held import Held, Hold
from tests.e2e.steps import box
from tests.pictures import make_png

# A script hands over what a system would: by a drag, or from the clipboard.
TRANSFER = """
(element, [kind, files, text]) => {
  const data = new DataTransfer();
  for (const {name, type, content} of files) {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], name, {type}));
  }
  if (text) data.setData("text/plain", text);
  const steps = {paste: ["paste"], drag: ["dragenter"], drop: ["dragenter", "dragover", "drop"]};
  for (const name of steps[kind]) {
    const event = kind === "paste"
      ? new ClipboardEvent(name, {clipboardData: data, bubbles: true, cancelable: true})
      : new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true});
    element.dispatchEvent(event);
  }
}
"""
CONTENT = "**/content/**"
NUMBERS = count()


def text_file(name: str = "notes.txt", text: str = "") -> FilePayload:
    """No two alike, as what is kept already isn't read again."""
    content = text or f"Milk, bread and {next(NUMBERS)} eggs"
    return {"name": name, "mimeType": "text/plain", "buffer": content.encode()}


def picture(
    name: str = "cat.png", width: int = 300, height: int = 200, *, level: int = 9
) -> FilePayload:
    color = (20, 90, next(NUMBERS) % 256)
    content = make_png(width, height, color, level=level)
    return {"name": name, "mimeType": "image/png", "buffer": content}


def unknown(name: str = "data.bin") -> FilePayload:
    return {"name": name, "mimeType": "", "buffer": b"\xff\x00\xfe\x81" * 100}


def transfer(page: Page, kind: str, *files: FilePayload, text: str = "") -> None:
    sent = [
        {
            "name": file["name"],
            "type": file["mimeType"],
            "content": base64.b64encode(file["buffer"]).decode(),
        }
        for file in files
    ]
    box(page).evaluate(TRANSFER, [kind, sent, text])


def chips(page: Page, state: str = "") -> Locator:
    wanted = f"[data-state={state}]" if state else ""
    return page.get_by_role("list", name="Files to send").locator(f".file-chip{wanted}")


def choose(page: Page, *files: FilePayload) -> None:
    page.wait_for_load_state()
    page.locator("#composer input[type=file]").set_input_files(list(files))


def attach(page: Page, *files: FilePayload) -> None:
    ready = chips(page, "ready").count()
    choose(page, *files)
    expect(chips(page, "ready")).to_have_count(ready + len(files))


def press_send(page: Page) -> None:
    page.get_by_role("button", name="Send message").click()


def sent(page: Page) -> Locator:
    return page.locator("article[data-role=user]").last


def choose_and_hold(page: Page, file: FilePayload, hold: Hold) -> Held:
    """Returns once the file's content is on its way, where it stays."""
    held = hold(page, CONTENT)
    with page.expect_request(CONTENT):
        choose(page, file)
    return held
