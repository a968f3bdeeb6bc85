// Copies a message's source, a code block or an element's text, and says so for two seconds.
(() => {
  const SHOWN = 2000; // ms
  const words = document.getElementById("announcer").dataset;

  // Rendered replies are kept for readers of any language, so they hold no words of ours: these are put in here.
  const NAMES = {
    ".task input:checked": words.done,
    ".task input:not(:checked)": words.open,
    ".markdown .table": words.table,
    ".footnote-back": words.back,
  };
  const name = () => {
    for (const button of document.querySelectorAll(".code-copy:empty")) button.textContent = words.copy;
    for (const [selector, label] of Object.entries(NAMES)) {
      for (const nameless of document.querySelectorAll(`${selector}:not([aria-label])`)) nameless.ariaLabel = label;
    }
  };
  name();
  document.addEventListener("htmx:after:swap", name);

  // The clipboard API wants https and a promise made inside the click (Safari); else the old command.
  const write = async (source) => {
    if (navigator.clipboard?.write && window.ClipboardItem) {
      const blob = source.then((text) => new Blob([text], { type: "text/plain" }));
      return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    }
    const box = document.createElement("textarea");
    box.value = await source;
    box.className = "visually-hidden";
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    if (!done) throw new Error("copy refused");
  };

  const fetchText = async (url) => {
    const response = await fetch(url);
    if (!response.ok || response.redirected) throw new Error(`status ${response.status}`);
    return response.text();
  };

  const sourceOf = (button) => {
    if (button.matches("[data-copy-code]")) return Promise.resolve(button.closest(".code").querySelector("code").textContent);
    if (button.dataset.copyText) return Promise.resolve(document.getElementById(button.dataset.copyText).innerText.trim());
    if (button.dataset.copyMessage) return fetchText(button.dataset.copyMessage);
    return Promise.resolve(button.closest(".message").querySelector(".message-body").textContent);
  };

  const showCopied = (button) => {
    const { copied } = words;
    const use = button.querySelector("use");
    const before = { label: button.getAttribute("aria-label"), html: button.textContent, href: use?.getAttribute("href") };
    if (button.dataset.copied !== undefined) return;
    button.dataset.copied = "";
    if (before.label) button.setAttribute("aria-label", copied);
    if (use) use.setAttribute("href", before.href.replace(/#.*/, "#check"));
    else button.textContent = copied;
    window.notifications.announce(copied);
    setTimeout(() => {
      delete button.dataset.copied;
      if (before.label) button.setAttribute("aria-label", before.label);
      if (use) use.setAttribute("href", before.href);
      else button.textContent = before.html;
    }, SHOWN);
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy-code], [data-copy-message], [data-copy-text]");
    if (!button) return;
    try {
      await write(sourceOf(button));
      showCopied(button);
    } catch {
      window.notifications.toast(document.getElementById("toasts").dataset.copy);
    }
  });
})();
