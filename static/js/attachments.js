// Files for the next message: chosen, dropped, pasted or photographed, sent while one types, and shown as chips. What sends them
// (uploads.js), and what opens those of messages (file-viewer.js), is fetched when it is needed.
(() => {
  const AT_ONCE = 2; // a browser has six connections to a host
  const MEGABYTE = 1024 * 1024;

  const form = () => document.getElementById("composer");
  const box = () => document.getElementById("composer-text");
  const field = () => document.getElementById("composer-upload");
  const list = () => document.getElementById("composer-files");
  const chips = (state) => [...(list()?.children ?? [])].filter((chip) => !state || chip.dataset.state === state);
  const draft = () => form()?.dataset.draft.split(":")[2];
  const page = document.getElementById("toasts").dataset;
  const uploads = new Map(); // chip → what is uploaded for it

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  const hasKeyboard = () => !matchMedia("(pointer: coarse), (hover: none)").matches;

  // As the server writes it.
  const formatSize = (bytes) => {
    const [size, unit] = bytes < MEGABYTE ? [bytes / 1024, "KB"] : [bytes / MEGABYTE, "MB"];
    const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
    return `${size.toLocaleString(document.documentElement.lang, digits)}\u00a0${unit}`;
  };

  // What is said at once is heard as one.
  const said = [];
  const say = (text) => {
    if (said.push(text) > 1) return;
    setTimeout(() => window.notifications.announce(said.splice(0).join(" ")), 150);
  };

  // Chips

  const showProgress = (chip, share) => {
    const progress = chip.querySelector("progress");
    // All of it is there, and is being read.
    if (share < 1) progress.value = share;
    else progress.removeAttribute("value");
  };

  const showState = (item, problem = null) => {
    const { chip } = item;
    if (item.isRemoved) return;
    chip.dataset.state = problem ? "failed" : "uploading";
    chip.querySelector(".file-facts").textContent = formatSize(item.file.size);
    chip.querySelector(".file-problem").hidden = !problem;
    // The name stands above it.
    chip.querySelector(".file-problem span").textContent = problem?.sentence.replace(`“${item.file.name}”: `, "") ?? "";
    chip.querySelector("[data-retry-file]").hidden = Boolean(problem?.isFinal);
    update();
  };

  const makeChip = ({ name }) => {
    const chip = document.getElementById("file-chip").content.firstElementChild.cloneNode(true);
    for (const element of chip.querySelectorAll("[aria-label]")) element.ariaLabel = fill(element.ariaLabel, { name });
    const label = chip.querySelector(".file-name");
    label.textContent = label.title = name;
    return chip;
  };

  // The server's, with the thumbnail that is here already.
  const finish = (item, html) => {
    const { chip } = item;
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const ready = holder.content.firstElementChild;
    const canvas = chip.querySelector("canvas");
    if (canvas) ready.querySelector("img")?.replaceWith(canvas);
    const isFocused = chip.contains(document.activeElement);
    chip.replaceWith(ready);
    if (isFocused) ready.querySelector("[data-remove-file]").focus();
    uploads.delete(chip);
    say(fill(item.words.attached, item.file));
  };

  // By what the browser takes it for: what is in it the server finds out.
  const KINDS = [[/^image\/(?!svg)/, "image"], [/^application\/pdf$/, "pdf"], [/^text\/(plain|csv)$/, "text"]];
  const isAllowed = ({ type }, { kinds }) => {
    const [, kind] = KINDS.find(([types]) => types.test(type)) ?? [];
    return !kind || kinds.split(" ").includes(kind);
  };

  // Of others it is known once they are as large as they are sent.
  const findProblem = ({ file, chip, words }) => {
    const values = { name: file.name, size: formatSize(file.size) };
    const others = chips().filter((each) => each !== chip && each.dataset.state !== "failed");
    const total = others.reduce((sum, each) => sum + Number(each.dataset.size ?? 0), file.size);
    chip.dataset.size = file.size;
    if (!file.size) return fill(words.empty, values);
    if (!isAllowed(file, words)) return words.notAllowed;
    if (file.size > words.fileSize) return fill(words.tooLarge, values);
    return total > words.messageSize ? words.tooMuch : "";
  };

  let running = 0;
  const queue = [];
  const acquire = () => (running < AT_ONCE ? (running++, null) : new Promise((resolve) => queue.push(resolve)));
  const release = () => (queue.length ? queue.shift()() : running--);

  const run = async (item) => {
    showState(item);
    await acquire();
    try {
      const { preparePicture, upload } = await import(item.words.script);
      await preparePicture(item);
      const sentence = findProblem(item);
      if (sentence) throw Object.assign(new Error(sentence), { sentence, isFinal: true });
      showState(item);
      finish(item, await upload(item));
    } catch (error) {
      if (!item.isRemoved) fail(item, error);
    } finally {
      release();
      update();
    }
  };

  const fail = (item, { sentence = item.words.network, isFinal = false }) => {
    const wasWaiting = form() && "waiting" in form().dataset;
    delete form()?.dataset.waiting;
    showState(item, { sentence, isFinal });
    item.chip.scrollIntoView({ block: "nearest", inline: "nearest" });
    say(fill(item.words.failed, { name: item.file.name, problem: sentence }));
    if (wasWaiting) document.getElementById("composer-error").textContent = item.words.unsent;
  };

  // Unseen until it has its styles, which come with the first.
  const showList = async () => {
    const shown = list();
    shown.hidden = true;
    await window.styles.load(field().dataset.style);
    shown.hidden = false;
    shown.lastElementChild?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  const attach = (files) => {
    if (!field() || !files.length) return;
    const words = field().dataset;
    const room = words.files - chips().length + chips("failed").length;
    document.getElementById("composer-error").textContent = files.length > room ? words.tooMany : "";
    for (const file of files.slice(0, Math.max(room, 0))) {
      const chip = makeChip(file);
      const onProgress = (share) => showProgress(chip, share);
      const csrf = form().elements.csrfmiddlewaretoken.value;
      const item = { file, chip, words, csrf, onProgress, draft: draft(), url: null };
      uploads.set(chip, item);
      list().append(chip);
      run(item);
    }
    showList();
    if (hasKeyboard()) box().focus({ preventScroll: true });
  };
  document.addEventListener("files:chosen", ({ detail }) => attach(detail));

  // The keyboard goes on from the next one.
  const remove = (chip) => {
    const item = uploads.get(chip);
    const button = chip.querySelector("[data-remove-file]");
    const next = (chip.nextElementSibling ?? chip.previousElementSibling)?.querySelector("[data-remove-file]");
    const name = chip.querySelector(".file-name").textContent;
    uploads.delete(chip);
    chip.remove();
    (next ?? (hasKeyboard() ? box() : document.querySelector("[data-attach]")))?.focus();
    say(fill(field().dataset.removed, { name }));
    update();
    if (item) item.isRemoved = true;
    item?.request?.abort();
    const url = item ? item.url && `${item.url}remove/` : `${field().dataset.begin}${button.value}/remove/`;
    if (url) forget(url);
  };

  // What isn't wanted any more goes after a day by itself.
  const forget = (url) => {
    const headers = { "X-CSRFToken": form().elements.csrfmiddlewaretoken.value };
    fetch(url, { method: "POST", headers, keepalive: true }).catch(() => {});
  };
  addEventListener("pagehide", ({ persisted }) => {
    for (const { url } of uploads.values()) if (url && !persisted && form()) forget(`${url}remove/`);
  });

  // Sending: what is under way is waited for, a message may have nothing but files, and what was sent goes.

  let pressed = null; // what the message waits to be sent by

  const update = () => {
    if (!field()) return;
    const isWaiting = "waiting" in form().dataset;
    const isBusy = chips("uploading").length > 0;
    box().required = chips().length === chips("failed").length;
    form().querySelector(".send").ariaBusy = String(isWaiting && isBusy);
    if (!isWaiting || isBusy) return;
    delete form().dataset.waiting;
    const button = pressed?.isConnected ? pressed : form().querySelector(".send");
    if (box().value.trim() || !box().required) form().requestSubmit(button);
  };

  document.addEventListener(
    "submit",
    (event) => {
      if (event.target !== form() || !chips("uploading").length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      form().dataset.waiting = "";
      pressed = event.submitter;
      say(field().dataset.waiting);
      update();
    },
    { capture: true },
  );

  const isComposer = (ctx) => ctx.sourceElement.id === "composer";
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    const { response, hx } = ctx;
    if (!isComposer(ctx) || !response.raw.ok || response.raw.redirected || hx.redirect || hx.refresh) return;
    const sent = ctx.request.body.getAll("file");
    for (const chip of chips("ready")) if (sent.includes(chip.querySelector("[name=file]").value)) chip.remove();
    update();
  });

  // What was attached while a new chat's first message was under way belongs to the conversation that came back; what is
  // uploaded for another box waits until that is shown again.
  let kept = [];
  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    kept = isComposer(ctx) ? chips() : [];
  });
  document.addEventListener("htmx:after:swap", () => {
    if (!list()) return;
    for (const chip of kept) {
      if (uploads.has(chip)) uploads.get(chip).draft = draft();
      if (!chip.isConnected) list().append(chip);
    }
    for (const { chip, ...item } of uploads.values()) if (item.draft === draft() && !chip.isConnected) list().append(chip);
    kept = [];
    update();
  });

  // Ways of attaching; pasting is the box's (composer.js).

  const hasFiles = (event) => field() && event.dataTransfer?.types.includes("Files");
  const showZone = (isShown) => document.getElementById("drop-zone")?.togglePopover(isShown);
  const isDialogOpen = () => document.querySelector("dialog[open]") !== null;

  document.addEventListener("dragenter", (event) => hasFiles(event) && !isDialogOpen() && showZone(true));
  document.addEventListener("dragleave", (event) => event.relatedTarget || showZone(false));
  // Else the browser would leave the page for the file.
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = isDialogOpen() ? "none" : "copy";
  });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    showZone(false);
    const items = [...event.dataTransfer.items].filter(({ kind }) => kind === "file");
    const files = items.filter((item) => !item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile());
    if (files.length < items.length) window.notifications.toast(field().dataset.folder);
    attach(files);
  });

  document.addEventListener("change", ({ target }) => {
    if (target !== field()) return;
    const files = [...target.files];
    target.value = "";
    attach(files);
  });

  document.addEventListener("click", async (event) => {
    const { target } = event;
    if (target.closest("[data-attach]")) return field().click();
    const chip = target.closest(".file-chip");
    if (chip && target.closest("[data-remove-file]")) {
      event.preventDefault();
      remove(chip);
    }
    if (chip && target.closest("[data-retry-file]")) {
      chip.querySelector("[data-remove-file]").focus();
      run(uploads.get(chip));
    }
    const link = target.closest("a[data-show]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    try {
      const { open } = await import(document.getElementById("file-viewer").dataset.script);
      open(link);
    } catch {
      location.assign(link.href);
    }
  });
})();
