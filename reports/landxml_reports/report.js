(() => {
  const root = document.documentElement;
  const all = (selector) => [...document.querySelectorAll(selector)];

  // Without scripts the page stays in its first language and shows everything.
  for (const tool of all("[data-script]")) tool.hidden = false;

  const buttons = all("[data-set-lang]");
  const speak = (lang) => {
    root.lang = lang;
    document.title = root.dataset["title" + (lang === "en" ? "En" : "Vi")];
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.setLang === lang));
    document.dispatchEvent(new Event("language"));
  };
  for (const button of buttons) button.addEventListener("click", () => speak(button.dataset.setLang));
  speak(root.lang);

  // A link to something folded unfolds it.
  const unfold = () => {
    const target = /^#[\w.-]+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();

  // What scrolls is reached by keys.
  const reach = () => {
    for (const each of all(".scroll")) each.scrollWidth > each.clientWidth ? each.setAttribute("tabindex", "0") : each.removeAttribute("tabindex");
  };
  addEventListener("resize", reach);
  addEventListener("toggle", reach, true);
  document.addEventListener("language", reach);
  reach();

  // Paper cannot be unfolded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => folded.forEach((each) => (each.open = false)));
})();
