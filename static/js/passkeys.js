// Says in words what allauth's script for passkeys would leave on the console, and shows a way to sign in only where it works.
(() => {
  const trouble = document.querySelector("[data-passkey-trouble]");
  const known = Boolean(window.PublicKeyCredential && navigator.credentials);
  const REASONS = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known", NotSupportedError: "missing" };

  const say = (reason) => {
    trouble.hidden = false;
    // Put anew, so that the same sentence is heard a second time.
    trouble.textContent = "";
    trouble.textContent = trouble.dataset[reason];
  };

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    say(known ? (REASONS[event.detail.exception?.name] ?? "failed") : "missing");
  });

  const form = trouble?.closest("form");
  if (!form) return;
  if (form.hidden) form.hidden = !known;
  else if (!known) say("missing");

  // Where a field has the focus, Enter would send the form without a passkey.
  form.addEventListener("submit", (event) => {
    const { value } = form.elements.namedItem("credential");
    if (value && value !== "null") return;
    event.preventDefault();
    if (event.submitter === null) form.querySelector("button")?.click();
  });
})();
