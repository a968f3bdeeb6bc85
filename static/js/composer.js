// Writing and sending: growing, keys, drafts that survive a reload, a sign-in or a failed request.
(() => {
  const text = () => document.getElementById("composer-text");
  const draftKey = () => document.getElementById("composer").dataset.draft;

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

  document.addEventListener("input", (event) => {
    if (event.target !== text()) return;
    store(draftKey(), event.target.value);
    grow(event.target);
  });

  document.addEventListener("keydown", (event) => {
    if (event.target !== text() || event.key !== "Enter" || event.shiftKey) return;
    // Enter that ends a composition belongs to the input method; Safari says so by 229 alone.
    if (event.isComposing || event.keyCode === 229) return;
    if (!hasKeyboard() && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (event.target.value.trim()) event.target.form.requestSubmit();
  });

  const isComposer = (ctx) => ctx.sourceElement.id === "composer";
  // What the server takes: the box, or a starter's text where the box is empty.
  const sentText = (ctx) => ctx.request.body.getAll("text").find((value) => value.trim());

  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (!isComposer(ctx)) return;
    ctx.draftKey = draftKey();
    document.getElementById("composer-error").textContent = "";
  });

  // A session that ended answers with a way to sign in, which is no arrival.
  const arrived = ({ response: { raw }, hx }) => raw.ok && !raw.redirected && !hx.redirect && !hx.refresh;

  // Only a message that arrived is forgotten here, and only what was sent of it.
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (!isComposer(ctx) || !arrived(ctx)) return;
    const sent = sentText(ctx);
    if (wellFormed(stored(ctx.draftKey)) === sent) store(ctx.draftKey, "");
    const box = text();
    if (wellFormed(box.value) === sent) box.value = "";
    ctx.unsent = box.value;
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
    if (ctx.request?.submitter?.matches(".composer-button") && hasKeyboard()) box?.focus();
  });

  addEventListener("pageshow", restore);
  restore();
})();
