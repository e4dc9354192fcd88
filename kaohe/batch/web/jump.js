// Finds units, items, readings and clauses of the year by name, pinyin initials or id; the list of them is loaded when
// somebody begins to look. What has a row on this page is found here first.
document.querySelectorAll(".jump").forEach(function (form) {
  const MOST = 12;
  const input = form.querySelector("input"), list = form.querySelector("ul"), said = form.querySelector(".unfound");
  const plain = function (text) { return text.toLowerCase().replace(/[\s（）()]+/g, ""); };
  let rows = null, loading = null, at = -1;

  function load() {
    const inside = document.getElementById("to-find");
    if (!loading) loading = new Promise(function (done, failed) {
      if (inside) return done(JSON.parse(inside.textContent));
      const script = document.createElement("script");
      script.src = form.dataset.search;
      script.onload = function () { done(window.kaoheFound); };
      script.onerror = failed;
      document.head.append(script);
    }).then(function (found) { rows = found; }, function () {
      say("查找用的清单没有读到；请从目录或各单位的表中进入。");
    });
    return loading;
  }
  // The id itself, then what begins so, then what holds it.
  function rank(row, wanted) {
    const id = plain(row[0]), name = plain(row[1]);
    if (id === wanted || name === wanted) return 0;
    if (id && id.startsWith(wanted)) return 1;
    if (name.startsWith(wanted)) return 2;
    if (row[2].startsWith(wanted)) return 3;
    if (name.includes(wanted) || (id && id.includes(wanted))) return 4;
    return row[2].includes(wanted) ? 5 : 9;
  }
  // A unit's number and name, as the list shows them, are one wish.
  function best(words) {
    const wanted = plain(words);
    return rows.map(function (row, place) {
      const both = plain(row[0] + row[1]);
      return [both === wanted ? 0 : Math.min(rank(row, wanted), both.includes(wanted) ? 6 : 9), place, row];
    }).filter(function (each) { return each[0] < 9; }).sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; });
  }
  function target(row) {
    const anchor = row[3].split("#")[1];
    return anchor && document.getElementById(anchor) ? "#" + anchor : form.dataset.up + row[3];
  }
  function say(words) {
    said.textContent = words;
    form.classList.toggle("unknown", Boolean(words));
    if (words) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    at = -1;
  }
  function show() {
    if (!rows) return;
    const words = input.value.trim();
    const found = words ? best(words) : [];
    list.replaceChildren.apply(list, found.slice(0, MOST).map(function (each, number) {
      const row = each[2], item = document.createElement("li"), kind = document.createElement("small");
      item.id = "found-" + number;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.href = target(row);
      kind.textContent = row[4] + (item.dataset.href[0] === "#" ? " · 本页" : "");
      item.append((row[0] ? row[0] + " " : "") + row[1], kind);
      item.addEventListener("mousedown", function (event) { event.preventDefault(); go(item); });
      return item;
    }));
    at = -1;
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(Boolean(found.length)));
    say(words && !found.length ? "没有找到“" + words + "”。可以输入单位、指标、读法或条款的名称、拼音首字母、编号。" : "");
  }
  function move(step) {
    const items = Array.from(list.children);
    if (!items.length || list.hidden) return;
    at = (at + step + items.length) % items.length;
    items.forEach(function (item, number) { item.setAttribute("aria-selected", String(number === at)); });
    items[at].scrollIntoView({block: "nearest"});
    input.setAttribute("aria-activedescendant", items[at].id);
  }
  function go(item) {
    close();
    input.value = "";
    location.href = item.dataset.href;
  }

  input.addEventListener("focus", load);
  input.addEventListener("input", function () { load().then(show); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") close();
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    load().then(function () {
      if (list.hidden) show();
      const item = list.children[Math.max(at, 0)];
      if (item && input.value.trim()) go(item);
    });
  });
});
// "/" begins to look, as on many sites, where nobody is writing.
addEventListener("keydown", function (event) {
  const input = document.querySelector(".jump input");
  if (event.key !== "/" || !input || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  event.preventDefault();
  input.focus();
});
