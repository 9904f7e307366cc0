(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const main = $("main");
  const words = JSON.parse(main.dataset.words || "{}");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const number = (value) => value.toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "vi-VN");

  const bytes = (value) => {
    const [unit, name] = value < 1e6 ? [1e3, "kB"] : value < 1e9 ? [1e6, "MB"] : [1e9, "GB"];
    return `${number(Math.ceil((10 * value) / unit) / 10)} ${name}`;
  };

  // What the program answers; an error is the sentence that it says.
  const call = async (method, path, body) => {
    let answer;
    try {
      answer = await fetch(path, { method, body: body && JSON.stringify(body), headers: { Accept: "application/json" } });
    } catch {
      throw new Error(words.network);
    }
    const said = answer.status === 204 ? null : await answer.json();
    if (!answer.ok) throw new Error(said.message);
    return said;
  };

  const token = $("#token");
  if (token) token.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch("/open", { method: "POST", body: token.token.value });
    if (answer.ok) location.reload();
    else $(".trouble", token).hidden = false;
  });

  for (const button of $$("[data-end]")) button.addEventListener("click", async () => {
    if (!confirm(button.dataset.end === "stop" ? words["stop.sure"] : words["erase.sure"])) return;
    try {
      await call("DELETE", `/api/runs/${main.dataset.run}`);
    } catch (error) {
      return alert(error.message);
    }
    if (button.dataset.end === "erase") location.href = "/";
  });

  if (main.dataset.run && ["queued", "running"].includes(main.dataset.state)) watch();
  if ($("#new")) send();
  const going = $$("[data-going]").length;
  if (going) setInterval(async () => {
    const runs = await call("GET", "/api/runs").catch(() => []);
    const still = runs.filter((run) => ["queued", "running"].includes(run.state)).length;
    if (runs.length && still < going && !$("#list").children.length) location.reload();
  }, 3000);

  // A run that goes on: phase, share, time left, until it ends.
  function watch() {
    const [bar, phase, share, left] = ["#bar", "#phase", "#share", "#left"].map((id) => $(id));
    const look = async () => {
      try {
        const run = await call("GET", `/api/runs/${main.dataset.run}`);
        if (run.ended || run.state !== main.dataset.state) return location.reload();
        if (run.place) share.textContent = fill(words.place, { count: run.place });
        if (run.phase_title) phase.textContent = run.phase_title;
        if (run.total) {
          bar.max = run.total;
          if (run.done < run.total) bar.value = run.done;
          else bar.removeAttribute("value");
          share.textContent = run.done < run.total ? `${Math.floor((100 * run.done) / run.total)} %` : "";
          document.title = `${share.textContent} ${phase.textContent}`;
        }
        left.textContent = run.left === null || run.left === undefined ? "" : run.left < 5 ? words["left.soon"]
          : run.left < 90 ? fill(words.left, { seconds: run.left })
          : fill(words["left.minutes"], { minutes: Math.round(run.left / 60) });
      } catch (error) {
        left.textContent = error.message;
      }
      setTimeout(look, 1000);
    };
    look();
  }

  // Files on their way: chosen or dropped, sent one after another, recognised, and then an order.
  function send() {
    const [form, drop, list, bar, sent, trouble] = ["#new", "#drop", "#list", "#bar", "#sent", "#trouble"].map((id) => $(id));
    let run = sessionStorage.run, known = [], busy = false;

    const complain = (error) => {
      trouble.textContent = error ? error.message : "";
      trouble.hidden = !error;
    };

    const show = (recognised) => {
      list.replaceChildren();
      const tops = new Map();
      for (const file of known) {
        const top = file.name.split("/")[0];
        const entry = tops.get(top) || { size: 0, count: 0 };
        tops.set(top, { size: entry.size + file.size, count: entry.count + 1 });
      }
      // What belongs to a map layer is shown with it.
      const stem = (name) => name.replace(/\.[^.]+$/, "");
      for (const [name, part] of recognised?.length ? [...tops] : []) {
        if (recognised.some((each) => each.name === name)) continue;
        const whole = recognised.find((each) => stem(each.name) === stem(name.replace(/\.xml$/i, "")));
        if (!whole) continue;
        tops.get(whole.name).size += part.size;
        tops.get(whole.name).count += part.count;
        tops.delete(name);
      }
      for (const [name, { size, count }] of [...tops].slice(0, 50)) {
        const item = list.appendChild(document.createElement("li"));
        const add = (tag, text, kind) => Object.assign(item.appendChild(document.createElement(tag)), { textContent: text, className: kind || "" });
        add("strong", name);
        add("span", `${count > 1 ? `${number(count)} ${words.files.toLowerCase()} · ` : ""}${bytes(size)}`, "quiet");
        const found = recognised?.find((each) => each.name === name);
        for (const layout of found?.layouts || []) add("span", layout, "layout");
        for (const why of found?.troubles || []) add("span", why, "trouble");
        if (found && !found.layouts.length && !found.troubles.length) add("span", words["layout.none"], "quiet");
      }
      if (tops.size > 50) list.appendChild(document.createElement("li")).textContent = fill(words["more-files"], { count: number(tops.size - 50) });
      if (known.length && !busy) {
        const item = list.appendChild(document.createElement("li"));
        const button = Object.assign(item.appendChild(document.createElement("button")), { type: "button", textContent: words.remove, className: "plain" });
        button.addEventListener("click", () => forget().catch(complain));
      }
      for (const select of $$("[data-files]")) {
        const before = select.value;
        select.replaceChildren(...["", ...known.map((file) => file.name)].slice(0, 500).map((name) => new Option(name || words["file.nothing"], name)));
        select.value = before;
        select.closest("label").hidden = known.length < 2;
      }
      $("#order").hidden = !known.length;
      $("#start").disabled = busy || !known.length;
    };

    const forget = async () => {
      await call("DELETE", `/api/runs/${run}`);
      run = undefined;
      sessionStorage.removeItem("run");
      known = [];
      complain();
      show();
      $("[data-choose]").focus();
    };

    // One file as the body of a request; `moved` hears how many of its bytes are on their way.
    const put = (file, name, moved) => new Promise((done, fail) => {
      const request = new XMLHttpRequest();
      request.open("PUT", `/api/runs/${run}/files?name=${encodeURIComponent(name)}`);
      request.upload.addEventListener("progress", (event) => moved(event.loaded));
      request.addEventListener("load", () => {
        if (request.status === 201) return done(JSON.parse(request.response));
        let said = words.network;
        try { said = JSON.parse(request.response).message; } catch { /* not from the program */ }
        fail(new Error(said));
      });
      request.addEventListener("error", () => fail(new Error(words.network)));
      request.send(file);
    });

    const take = async (files) => {
      if (busy || !files.length) return;
      busy = true;
      complain();
      $("#sending").hidden = false;
      try {
        if (!run) {
          run = (await call("POST", "/api/runs")).id;
          sessionStorage.run = run;
        }
        const all = files.reduce((sum, [file]) => sum + file.size, 0) || 1, next = files.values(), moved = new Map();
        const lane = async () => {
          for (const [file, name] of next) {
            known.push(await put(file, name, (bytes) => {
              moved.set(file, Math.min(bytes, file.size));
              bar.value = [...moved.values()].reduce((sum, bytes) => sum + bytes, before) / all;
              sent.textContent = fill(words.sending, { name, share: Math.floor(100 * bar.value) });
            }));
            moved.delete(file);
            before += file.size;
          }
        };
        let before = 0;
        const ended = await Promise.allSettled([lane(), lane(), lane()]); // what the others send is shown, too
        const failed = ended.find((each) => each.status === "rejected");
        if (failed) throw failed.reason;
      } catch (error) {
        complain(error);
      }
      sent.textContent = words.looking;
      bar.removeAttribute("value");
      show();
      const recognised = known.length ? await call("GET", `/api/runs/${run}/files`).catch(() => []) : [];
      busy = false;
      bar.value = 0;
      $("#sending").hidden = true;
      show(recognised);
      if (known.length && trouble.hidden) $("#start").focus();
    };

    // Folders are read to the bottom; what systems leave in them is not sent.
    const under = async (entry, path = "") => {
      if (entry.name.startsWith(".")) return [];
      const name = path + entry.name;
      if (entry.isFile) return [[await new Promise((done, fail) => entry.file(done, fail)), name]];
      const reader = entry.createReader(), found = [];
      for (;;) {
        const some = await new Promise((done, fail) => reader.readEntries(done, fail));
        if (!some.length) return found;
        for (const each of some) found.push(...await under(each, `${name}/`));
      }
    };

    for (const type of ["dragover", "dragenter"]) addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
    addEventListener("dragleave", (event) => event.relatedTarget || drop.classList.remove("over"));
    addEventListener("drop", async (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
      const entries = items.map((item) => item.webkitGetAsEntry()).filter(Boolean);
      const files = entries.length ? [] : items.map((item) => item.getAsFile());
      const found = files.map((file) => [file, file.name]);
      try {
        for (const entry of entries) found.push(...await under(entry));
      } catch (error) {
        complain(error);
      }
      take(found);
    });
    for (const button of $$("[data-choose]")) button.addEventListener("click", () => $(`#${button.dataset.choose}`).click());
    for (const input of $$("#files, #folder")) input.addEventListener("change", () => {
      const files = [...input.files].map((file) => [file, file.webkitRelativePath || file.name]);
      input.value = "";
      take(files.filter(([, name]) => !name.split("/").some((part) => part.startsWith("."))));
    });

    form.addEventListener("change", () => {
      const kind = form.kind.value;
      for (const set of $$("[data-kind]")) set.hidden = set.disabled = set.dataset.kind !== kind;
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy || !run) return;
      const options = {};
      for (const [name, value] of new FormData(form)) if (name !== "kind" && value) options[name] = value;
      try {
        await call("POST", `/api/runs/${run}/start`, { kind: form.kind.value, options });
        sessionStorage.removeItem("run");
        location.href = `/runs/${run}`;
      } catch (error) {
        complain(error);
      }
    });

    // A page that was loaded again goes on with what it had sent.
    if (run) call("GET", `/api/runs/${run}`).then((told) => {
      if (told.state !== "open") throw new Error();
      known = told.files;
      show();
      return call("GET", `/api/runs/${run}/files`).then(show);
    }).catch(() => {
      run = undefined;
      sessionStorage.removeItem("run");
    });
  }
})();
