// Writing and sending: growing, keys, pasting, quotes, drafts that survive a reload, a sign-in or a failed request. The box below a
// conversation, and the one in which a message is edited.
(() => {
  const BOX = "form[data-draft] textarea[name=text]";
  const text = () => document.getElementById("composer-text");
  const draftKey = () => document.getElementById("composer").dataset.draft;
  const isBox = (element) => element.matches?.(BOX);

  // Private windows and full disks refuse storage; the page works without.
  const store = (key, value) => {
    try {
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch {}
  };
  const stored = (key) => {
    try {
      return localStorage.getItem(key) ?? "";
    } catch {
      return "";
    }
  };

  // On a touch screen a line can only be broken by Enter: the button sends.
  const hasKeyboard = () => !matchMedia("(pointer: coarse), (hover: none)").matches;

  // Half a surrogate pair is sent as U+FFFD: as such it is compared.
  const wellFormed = (value) => value.replace(/\p{Surrogate}/gu, "\uFFFD");

  const grow = (box) => {
    if (CSS.supports("field-sizing", "content")) return;
    box.style.blockSize = "auto";
    box.style.blockSize = `${box.scrollHeight}px`;
  };

  const restore = () => {
    const box = text();
    if (!box || box.dataset.restored) return;
    box.dataset.restored = "true";
    if (!box.value) box.value = stored(draftKey());
    grow(box);
    if (hasKeyboard() && !document.querySelector("dialog[open]")) box.focus({ preventScroll: true });
    box.setSelectionRange(box.value.length, box.value.length);
  };

  document.addEventListener("input", ({ target }) => {
    if (!isBox(target)) return;
    store(target.form.dataset.draft, target.value);
    grow(target);
    // What these two offer is fetched with the first of them, and listens itself from then on.
    const { suggestions } = target.dataset;
    if (suggestions && /(^|\s)[/@]\S*$/.test(target.value.slice(0, target.selectionStart))) import(suggestions).then(({ begin }) => begin(target), () => {});
  });

  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (!isBox(target) || event.key !== "Enter" || event.shiftKey) return;
    // Enter that ends a composition belongs to the input method; Safari says so by 229 alone.
    if (event.isComposing || event.keyCode === 229) return;
    const breaksLines = !hasKeyboard() || target.dataset.enter === "newline";
    if (breaksLines && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    // Beside files there may be nothing to say.
    if (target.value.trim() || !target.required) target.form.requestSubmit();
  });

  const isComposer = (ctx) => ctx.sourceElement.id === "composer";
  const isForm = (ctx) => ctx.sourceElement.matches?.("form[data-draft]");
  // What the server takes: the box, or a starter's text where the box is empty.
  const sentText = (ctx) => ctx.request.body.getAll("text").find((value) => value.trim());

  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (!isForm(ctx)) return;
    ctx.draftKey = ctx.sourceElement.dataset.draft;
    const error = isComposer(ctx) ? document.getElementById("composer-error") : ctx.sourceElement.querySelector("[role=alert]");
    error.textContent = "";
  });

  // A session that ended answers with a way to sign in, which is no arrival.
  const arrived = ({ response: { raw }, hx }) => raw.ok && !raw.redirected && !hx.redirect && !hx.refresh;

  // Only a message that arrived is forgotten here, and only what was sent of it.
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (!isForm(ctx) || !arrived(ctx)) return;
    const sent = sentText(ctx);
    if (wellFormed(stored(ctx.draftKey)) === sent) store(ctx.draftKey, "");
    if (!isComposer(ctx)) return;
    const box = text();
    if (wellFormed(box.value) === sent) box.value = "";
    ctx.unsent = box.value;
    if (offer()) showOffer("");
    grow(box);
  });

  // The button that was pressed makes way for the other: the keyboard goes back to the text.
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    restore();
    const box = text();
    // Typed while a new chat's first message was under way: it belongs to the conversation that came back.
    if (ctx.unsent && box && !box.value) {
      box.value = ctx.unsent;
      store(ctx.draftKey, "");
      store(draftKey(), ctx.unsent);
      grow(box);
    }
    const isBack = ctx.request?.submitter?.matches(".composer-button, .alternatives button") || ctx.sourceElement?.matches?.(".edit-form");
    if (isBack && !document.querySelector(".edit-form") && hasKeyboard()) box?.focus();
  });

  // What a dialog has put at the composer is for the next message; the dialog has closed by then.
  document.addEventListener("question:answered", () => queueMicrotask(() => hasKeyboard() && text()?.focus()));

  const put = (value) => {
    const box = text();
    box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
    box.setSelectionRange(value.length, value.length);
    box.scrollTop = box.scrollHeight;
  };

  // A way to begin is there to be changed before it is sent.
  document.addEventListener("click", (event) => {
    const starter = event.target.closest?.(".starter");
    if (!starter) return;
    event.preventDefault();
    put(starter.value);
  });

  // Pasting: files are attached, and a long text may be, if its writer likes.
  const LONG_TEXT = 5000; // characters
  const PLAIN = 1000; // ms: as soon after Ctrl+Shift+V a text is wanted as it is
  const offer = () => document.getElementById("paste-offer");
  let plainAt = -Infinity;
  let pasted = "";

  const showOffer = (text) => {
    pasted = text;
    offer().hidden = !text;
    offer().querySelector("span").textContent = text ? offer().dataset.long : "";
  };

  const choose = (files) => document.dispatchEvent(new CustomEvent("files:chosen", { detail: files }));

  // Pictures of the clipboard have no names.
  const nameImage = (file) => {
    if (file.name !== "image.png") return file;
    const { image } = document.getElementById("composer-upload").dataset;
    return new File([file], `${image} ${new Date().toTimeString().slice(0, 8).replaceAll(":", ".")}.png`, { type: file.type });
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === "v") plainAt = event.timeStamp;
  });

  document.addEventListener("paste", (event) => {
    const { target, clipboardData } = event;
    const isElsewhere = target !== text() && target.closest?.("input, textarea");
    if (!offer() || isElsewhere || document.querySelector("dialog[open]")) return;
    // Office brings a picture of the text along.
    const isText = clipboardData.types.includes("text/plain") && clipboardData.types.includes("text/html");
    const files = [...clipboardData.files].map(nameImage);
    if (files.length && !isText) {
      event.preventDefault();
      choose(files);
      return;
    }
    const value = clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
    const isOffered = target === text() && value.length > LONG_TEXT && event.timeStamp - plainAt > PLAIN;
    if (isOffered) setTimeout(() => showOffer(value));
  });

  document.addEventListener("input", ({ target }) => {
    if (pasted && target === text() && !target.value.includes(pasted)) showOffer("");
  });

  document.addEventListener("click", ({ target }) => {
    const isTaken = target.closest("[data-paste-as-file]");
    if (!isTaken && !target.closest("[data-paste-dismiss]")) return;
    const box = text();
    const { length } = pasted;
    const at = box.value.lastIndexOf(pasted);
    const file = new File([pasted], `${offer().dataset.name}.txt`, { type: "text/plain" });
    box.focus();
    showOffer("");
    if (!isTaken || at < 0) return;
    box.setRangeText("", at, at + length, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    choose([file]);
  });

  // What is selected in a message can be quoted: the button for that comes with the selection, and next to its message for
  // the keyboard.
  const MARGIN = 8; // px
  const quoting = document.getElementById("quote-button");
  const bodyOf = (node) => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.("#messages .message-body");

  const placeQuoting = (range) => {
    const { left, bottom } = [...range.getClientRects()].at(-1) ?? range.getBoundingClientRect();
    const widest = document.documentElement.clientWidth - quoting.offsetWidth - MARGIN;
    quoting.style.insetInlineStart = "auto";
    quoting.style.left = `${Math.max(MARGIN, Math.min(left, widest)) + scrollX}px`;
    quoting.style.top = `${bottom + MARGIN + scrollY}px`;
  };

  const offerQuoting = () => {
    const selection = getSelection();
    const body = bodyOf(selection.anchorNode);
    const isOffered = text() && body && body === bodyOf(selection.focusNode) && selection.toString().trim() !== "";
    quoting.hidden = !isOffered;
    if (!isOffered) return;
    if (quoting.previousElementSibling !== body) body.after(quoting);
    placeQuoting(selection.getRangeAt(0));
  };

  const quote = () => {
    const lines = getSelection().toString().trim().split("\n");
    const before = text().value.trimEnd();
    put(`${before}${before && "\n\n"}${lines.map((line) => `> ${line}`.trimEnd()).join("\n")}\n\n`);
    getSelection().removeAllRanges();
    quoting.hidden = true;
  };

  if (quoting) {
    let waiting = null;
    document.addEventListener("selectionchange", () => {
      clearTimeout(waiting);
      if (document.activeElement !== quoting) waiting = setTimeout(offerQuoting, 150);
    });
    // Pressed, it must not lose what is selected.
    quoting.addEventListener("pointerdown", (event) => event.preventDefault());
    quoting.addEventListener("click", quote);
  }

  // Editing a message: the form that stands in the place of its text.

  const edited = (form) => form.querySelector("textarea");
  const editPrefix = () => draftKey().replace(/[^:]*$/, "edit:");

  const beginEditing = (form) => {
    if (form.dataset.begun) return;
    form.dataset.begun = "true";
    const box = edited(form);
    // A draft is what was typed here; without one the box has the text as it was sent.
    box.value = stored(form.dataset.draft) || box.value;
    grow(box);
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  };

  const cancelEditing = (form) => {
    const article = form.closest("article");
    store(form.dataset.draft, "");
    form.remove();
    article.querySelector("[data-edit]")?.focus();
  };

  const beginAll = () => document.querySelectorAll(".edit-form").forEach(beginEditing);
  document.addEventListener("htmx:after:swap", beginAll);

  document.addEventListener("click", (event) => {
    const form = event.target.closest?.("[data-cancel-edit]")?.closest("form");
    if (!form) return;
    event.preventDefault();
    cancelEditing(form);
  });

  document.addEventListener("keydown", (event) => {
    const form = event.key === "Escape" && !event.isComposing && event.target.closest?.(".edit-form");
    if (!form) return;
    event.preventDefault();
    cancelEditing(form);
  });

  // What was being edited before a reload or a sign-in is edited again.
  const resumeEditing = () => {
    if (!text()) return;
    beginAll();
    const prefix = editPrefix();
    let keys = [];
    try {
      keys = Object.keys(localStorage);
    } catch {}
    for (const key of keys.filter((each) => each.startsWith(prefix))) {
      document.querySelector(`#m${key.slice(prefix.length)}:not(:has(.edit-form)) [data-edit]`)?.click();
    }
  };

  addEventListener("pageshow", restore);
  // Once htmx has taken the page's forms over.
  document.addEventListener("htmx:after:process", resumeEditing, { once: true });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (["main", "earlier"].includes(ctx.target?.id) && !isComposer(ctx)) resumeEditing();
  });
  restore();
})();
