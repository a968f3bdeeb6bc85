// What can be done with text that is shown: a message, a code block or an element copied, code wrapped and downloaded, a long
// message unfolded, a reply read aloud; and what the reader opened in it stays open.
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

  // Nor have they the tools that a page without scripts can't offer. What is wrapped stays so when the reply that it is in
  // is finished, and put into its place once more.
  const wrapped = new WeakSet();

  const makeTool = (label, attribute) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "code-tool", textContent: label });
    button.setAttribute(attribute, "");
    return button;
  };

  const showWrap = (code) => {
    const isWrapped = wrapped.has(code);
    code.classList.toggle("is-wrapped", isWrapped);
    code.querySelector("[data-wrap-code]").ariaPressed = String(isWrapped);
  };

  const addTools = (bar) => {
    if (!words.wrap) return;
    bar.querySelector(".code-language")?.after(makeTool(words.wrap, "data-wrap-code"), makeTool(words.download, "data-download-code"));
    const code = bar.closest(".code");
    if (bar.querySelector(".code-tool")) showWrap(code);
  };

  const name = () => {
    for (const button of document.querySelectorAll(".code-copy:empty")) button.textContent = words.copy;
    for (const bar of document.querySelectorAll(".code-bar:not(:has(.code-tool))")) addTools(bar);
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

  const ENDINGS = {
    bash: "sh", sh: "sh", shell: "sh", console: "sh", zsh: "sh", c: "c", "c++": "cpp", cpp: "cpp", "c#": "cs", csharp: "cs", clojure: "clj",
    css: "css", csv: "csv", dart: "dart", diff: "diff", elixir: "ex", erlang: "erl", fsharp: "fs", go: "go", golang: "go", graphql: "graphql",
    haskell: "hs", html: "html", ini: "ini", java: "java", javascript: "js", js: "js", jsx: "jsx", json: "json", julia: "jl", kotlin: "kt",
    latex: "tex", tex: "tex", lua: "lua", markdown: "md", md: "md", nginx: "conf", ocaml: "ml", perl: "pl", php: "php", powershell: "ps1",
    python: "py", py: "py", python3: "py", r: "r", rb: "rb", ruby: "rb", rs: "rs", rust: "rs", scala: "scala", scss: "scss", sql: "sql",
    svg: "svg", swift: "swift", toml: "toml", ts: "ts", tsx: "tsx", typescript: "ts", vue: "vue", xml: "xml", yaml: "yml", yml: "yml",
  };
  // These have no ending, but a name.
  const NAMES_OF_FILES = { docker: "Dockerfile", dockerfile: "Dockerfile", make: "Makefile", makefile: "Makefile" };

  // After the conversation, unless the first line is a comment that says what the file is called.
  const nameFile = (code, text) => {
    const language = code.querySelector(".code-language")?.textContent.toLowerCase() ?? "";
    if (NAMES_OF_FILES[language]) return NAMES_OF_FILES[language];
    const said = /^\s*(?:#|\/\/|--|;|\/\*|<!--)\s*(?:[\w.-]+\/)*([\w-][\w.-]*\.\w{1,8})\s*(?:\*\/|-->)?\s*(?:\n|$)/.exec(text);
    if (said) return said[1];
    const title = document.querySelector(".conversation-title")?.textContent ?? "";
    const slug = title.toLowerCase().match(/[\p{L}\p{N}]+/gu)?.join("-").slice(0, 40).replace(/-$/, "") || "code";
    return `${slug}.${ENDINGS[language] ?? "txt"}`;
  };

  const download = (code) => {
    const text = code.querySelector("code").textContent;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
    link.download = nameFile(code, text);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), SHOWN);
  };

  const toggleWrap = (code) => {
    if (!wrapped.delete(code)) wrapped.add(code);
    showWrap(code);
  };

  // A long message of one's own is folded; what searches the page for words scrolls in it, and unfolds it.
  const setFolded = (body, isFolded) => {
    body.classList.toggle("is-unfolded", !isFolded);
    body.parentElement.querySelector("[data-unfold]").ariaExpanded = String(!isFolded);
    body.scrollTop = 0;
    if (isFolded) body.parentElement.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener(
    "scroll",
    ({ target }) => {
      if (target.matches?.(".is-long:not(.is-unfolded)") && target.scrollTop) setFolded(target, false);
    },
    { capture: true, passive: true },
  );

  // On a touch screen a message's actions come by a tap on it.
  const showActions = (tapped) => {
    for (const message of document.querySelectorAll(".message.is-tapped")) if (message !== tapped) message.classList.remove("is-tapped");
    tapped?.classList.add("is-tapped");
  };

  // Replies are read aloud where the browser has voices of its own: paragraph by paragraph, as some fall silent in long texts.
  const speech = window.speechSynthesis;
  let reading = null;

  const offerVoices = () => document.documentElement.toggleAttribute("data-voices", speech.getVoices().length > 0);
  if (speech) {
    offerVoices();
    speech.addEventListener?.("voiceschanged", offerVoices);
    addEventListener("pagehide", () => speech.cancel());
  }

  const spokenLines = (body) => {
    const spoken = body.cloneNode(true);
    spoken.querySelectorAll(".code-bar, .math-source, .footnote-mark").forEach((element) => element.remove());
    spoken.querySelectorAll("p, li, h3, h4, h5, h6, tr, pre, blockquote").forEach((block) => block.append("\n"));
    return spoken.textContent.split("\n").filter((line) => line.trim());
  };

  const stopReading = () => {
    speech.cancel();
    if (reading) reading.ariaPressed = "false";
    reading = null;
  };

  const readAloud = (button) => {
    const isStop = reading === button;
    stopReading();
    if (isStop) return;
    const lines = spokenLines(document.getElementById(button.dataset.readAloud));
    reading = button;
    button.ariaPressed = "true";
    for (const line of lines) {
      const utterance = new SpeechSynthesisUtterance(line);
      if (line === lines.at(-1)) utterance.addEventListener("end", () => reading === button && stopReading());
      speech.speak(utterance);
    }
  };

  document.addEventListener("htmx:after:swap", () => {
    if (reading && !reading.isConnected) stopReading();
  });

  document.addEventListener("click", ({ target }) => {
    const code = target.closest(".code");
    if (target.matches("[data-wrap-code]")) toggleWrap(code);
    if (target.matches("[data-download-code]")) download(code);
    const fold = target.closest("[data-unfold]");
    if (fold) setFolded(document.getElementById(fold.getAttribute("aria-controls")), fold.ariaExpanded === "true");
    const aloud = target.closest("[data-read-aloud]");
    if (aloud) readAloud(aloud);
    showActions(target.closest("article.message"));
  });
})();

// What the reader has opened or folded in a reply stays so: when the finished article takes its place, and while it grows,
// when a block is replaced or a connection that was lost brings all of it anew.
(() => {
  const READERS_OWN = ".thinking, .message-body details";
  const HOLDERS = ".message-body, .thinking-place";
  const chosen = new Map(); // id of the holder → place among its <details> → whether it is open

  // Not every page has htmx.
  window.htmx?.registerExtension("readers-details", {
    htmx_before_morph_attr: (element, { attrName }) => attrName !== "open" || !element.matches(READERS_OWN),
  });

  document.addEventListener("click", (event) => {
    const details = event.target.closest("summary")?.parentElement;
    const holder = details?.closest(HOLDERS);
    if (!holder || event.target.closest("a")) return;
    const place = [...holder.querySelectorAll("details")].indexOf(details);
    if (!chosen.has(holder.id)) chosen.set(holder.id, new Map());
    chosen.get(holder.id).set(place, !details.open); // the click toggles it after this
  });

  document.addEventListener("htmx:after:swap", () => {
    for (const [id, places] of chosen) {
      const all = document.getElementById(id)?.querySelectorAll("details") ?? [];
      for (const [place, open] of places) if (all[place]) all[place].open = open;
    }
  });
})();
