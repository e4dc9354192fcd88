// Looks up what Python found: no point is added, no unit ranked, no grade given here.
addEventListener("DOMContentLoaded", () => kaoheUnpacked.then(function () {
  const data = JSON.parse(document.querySelector("script[data-looked]").textContent);
  const root = document.querySelector(".decide");
  const policies = data.policies;
  const now = policies.map((each) => each.now);
  let state = now.slice(), hinting = 0;
  const sets = new Map([...root.querySelectorAll("fieldset[data-policy]")].map((each) => [Number(each.dataset.policy), each]));
  const one = (selector) => root.querySelector(selector);
  const key = "kaohe-decide-" + data.year;

  // Numbers are written a character each (kaohe/batch/shortly.py).
  const numbers = (text) => Array.from(text, (each) => each.codePointAt(0) - (each > "\udfff" || each.length > 1 ? 0x823 : 0x23));
  function entries(text) {  // 0 is the next that was not met before, another so far back from it
    let met = 0;
    return numbers(text).map((back) => back ? met - back : met++);
  }
  function amounts(told) {
    let at = 0;
    return Array.isArray(told) ? told : numbers(told.steps).map((step) => {
      at += step % 2 ? -(step + 1) / 2 : step / 2;
      const text = String(Math.abs(at)).padStart(told.digits + 1, "0"), point = text.length - told.digits;
      return (at < 0 ? "-" : "") + text.slice(0, point) + (told.digits ? "." + text.slice(point) : "");
    });
  }
  data.groups.forEach((group) => {
    [group, ...group.totals].forEach((each) => (each.outcomes || each.levels).forEach((level) => { level.to = entries(level.to); }));
    group.totals.forEach((each) => { each.says = amounts(each.says); });
  });

  function place(names, picks) {  // of one setting among all settings of some readings
    return names.reduce((at, name) => at * policies[name].values.length + picks[name], 0);
  }
  function follow(levels, steps) {
    return levels.reduce((at, level) => level.to[at * level.wide + steps[level.of]], 0);
  }
  function find(group, picks) {
    const above = group.home[place(group.outer, picks)];
    if (above < 0) return {refused: group.why[-1 - above]};
    const effects = group.axes.map((axis) => axis.effect[place(axis.policies, picks)]);
    const outcome = follow(group.outcomes, [above, ...effects]);
    const row = group.rows[group.grades[outcome][place(group.graded, picks)]];
    return {units: group.units.map((unit, at) => ({
      rank: group.ranks[outcome][at],
      grade: group.names[row[at]],
      total: group.totals[at].says[follow(group.totals[at].levels, [above, ...group.totals[at].axes.map((axis) => effects[axis])])],
    }))};
  }
  function all(picks) {
    const found = data.groups.map((group) => find(group, picks));
    const refused = found.find((each) => each.refused);
    return refused ? {refused: refused.refused} : {groups: found.map((each) => each.units)};
  }
  const first = all(now).groups;

  function compared(before, after) {
    let grades = 0, ranks = 0, totals = 0;
    before.forEach((group, g) => group.forEach((unit, at) => {
      grades += unit.grade !== after[g][at].grade;
      ranks += unit.rank !== after[g][at].rank;
      totals += unit.total !== after[g][at].total;
    }));
    return {grades, ranks, totals};
  }
  function said(change) {
    const parts = [];
    if (change.grades) parts.push(change.grades + " 个等次");
    if (change.ranks) parts.push(change.ranks + " 个名次");
    if (!parts.length && change.totals) parts.push(change.totals + " 个总分");
    return parts.join("、");
  }

  const drawn = new WeakMap();
  function fresh(node, content) {  // whether something else stands there; most of a page stays as it is
    if (drawn.get(node) === content) return false;
    drawn.set(node, content);
    return true;
  }
  function cell(td, text, was, kind) {
    if (!fresh(td, JSON.stringify([text, was, kind]))) return;
    td.textContent = "";
    const inner = document.createElement("span");
    inner.textContent = text;
    if (kind) inner.className = "kh-badge kh-" + kind;
    td.append(inner);
    td.classList.toggle("changed", was !== null);
    if (was !== null) {
      const old = document.createElement("span");
      old.className = "was";
      old.textContent = "（" + was + "）";
      td.append(old);
    }
  }
  function show(found) {
    data.groups.forEach((group, g) => {
      const body = one('table[data-group="' + g + '"] tbody');
      const rows = group.units.map((unit) => body.querySelector('tr[data-unit="' + CSS.escape(unit.id) + '"]'));
      group.units.forEach((unit, at) => {
        const then = first[g][at], here = found[g][at], [rank, , total, grade] = rows[at].children;
        const none = (value) => value || "–";
        cell(rank, none(here.rank), then.rank === here.rank ? null : none(then.rank));
        cell(total, here.rank ? here.total : "–", then.total === here.total ? null : then.total);
        cell(grade, none(here.grade), then.grade === here.grade ? null : none(then.grade), here.grade ? data.kinds[here.grade] || "pass" : "");
        rows[at].classList.toggle("regraded", then.grade !== here.grade);
      });
      const order = group.units.map((unit, at) => at).sort((a, b) => (found[g][a].rank || 1e9) - (found[g][b].rank || 1e9) || a - b);
      if (fresh(body, order.join())) body.append(...order.map((at) => rows[at]));
    });
    const changed = state.filter((value, at) => value !== now[at]).length;
    const words = said(compared(first, found));
    one(".decide-said").textContent = changed
      ? "改了 " + changed + " 处读法，与现行相比" + (words ? "变了 " + words : "没有一个单位的结果改变") + "。"
      : "现在是现行读法；每种读法旁写着改选它会变什么。";
    one(".decide-result").textContent = changed
      ? "按上述读法的结果如下" + (words ? "，与原来的读法相比变了 " + words + "，括号中是原来的。" : "，与原来相同。")
      : "按现行读法的结果如下。";
  }
  function hint(found) {
    sets.forEach((set, at) => set.querySelectorAll(".decide-option").forEach((option, value) => {
      const effect = option.querySelector(".decide-effect");
      const picks = state.slice();
      picks[at] = value;
      const other = all(picks);
      const change = other.refused ? null : compared(found, other.groups);
      const words = change ? (said(change) ? "改选变 " + said(change) : "改选不变") : "与所选的其他读法矛盾";
      const text = value === state[at] ? "" : words;
      if (!fresh(effect, text)) return;
      effect.textContent = text;
      effect.classList.toggle("grades", Boolean(text && change && change.grades));
    }));
  }

  const sure = (at) => sets.get(at).querySelector(".decide-sure").checked;
  const reason = (at) => sets.get(at).querySelector(".decide-reason").value.trim();
  const decided = () => [...policies.keys()].filter(sure);

  function protocol() {
    const rows = decided().map((at) => {
      const row = document.createElement("tr"), policy = policies[at];
      [policy.id, policy.question + "（" + policy.clause + "）", policy.says[state[at]] + (state[at] === now[at] ? "（维持现行）" : ""), reason(at)]
        .forEach((text) => row.append(Object.assign(document.createElement("td"), {textContent: text})));
      return row;
    });
    one(".decide-protocol tbody").replaceChildren(...rows);
    one(".decide-protocol table").hidden = !rows.length;
    one(".decide-none").hidden = rows.length > 0;
    const day = one(".decide-day").value;
    one(".decide-on").textContent = (day ? day + "，" : "") + (rows.length ? "就办法没有写明的 " + rows.length + " 处决定如下。" : "");
  }
  function remember() {
    const changed = state.flatMap((value, at) => value === now[at] ? [] : [policies[at].name + "=" + encodeURIComponent(policies[at].values[value])]);
    try { history.replaceState(null, "", changed.length ? "#" + changed.join("&") : location.pathname + location.search); } catch (refused) { /* a file may keep its address */ }
    const kept = {day: one(".decide-day").value, sure: decided().map((at) => policies[at].name), reasons: {}};
    policies.forEach((policy, at) => { if (reason(at)) kept.reasons[policy.name] = reason(at); });
    try { sessionStorage.setItem(key, JSON.stringify(kept)); } catch (refused) { root.dataset.forgets = ""; }
  }
  function take(picks) {
    const found = all(picks), alarm = one(".decide-refused");
    alarm.hidden = !found.refused;
    alarm.textContent = found.refused ? "没有改：" + found.refused + "。先改其中另一处。" : "";
    if (!found.refused) {
      picks.forEach((value, at) => { if (value !== state[at]) sets.get(at).querySelector(".decide-sure").checked = value !== now[at] || Boolean(reason(at)); });
      state = picks;
      show(found.groups);
      clearTimeout(hinting);
      hinting = setTimeout(() => hint(found.groups));  // what was asked for is seen first
    }
    sets.forEach((set, at) => {
      set.querySelectorAll("input[type=radio]")[state[at]].checked = true;
      set.classList.toggle("changed", state[at] !== now[at]);
    });
    protocol();
    return !found.refused;
  }
  function asked() {  // the combination that the address names
    const picks = now.slice();
    location.hash.slice(1).split("&").filter(Boolean).forEach((part) => {
      const [name, value] = part.split("=");
      const at = policies.findIndex((policy) => policy.name === name);
      const pick = at < 0 ? -1 : policies[at].values.indexOf(decodeURIComponent(value || ""));
      if (pick >= 0) picks[at] = pick;
    });
    return picks;
  }

  function yaml() {
    const quote = (text) => JSON.stringify(text);
    const day = one(".decide-day").value, kept = new Set(decided());
    const lines = ["# " + data.called + "对办法未明之处的决定"];
    policies.forEach((policy, at) => {
      const old = policy.decided;
      if (!kept.has(at) && !old) return;
      const entry = kept.has(at) ? {value: policy.values[state[at]], reason: reason(at), decided_on: day} : old;
      lines.push("# " + policy.id + " " + policy.question, policy.name + ":", "  value: " + quote(entry.value));
      if (entry.reason) lines.push("  reason: " + quote(entry.reason));
      if (entry.decided_on) lines.push("  decided_on: " + quote(entry.decided_on));
    });
    return lines.join("\n") + "\n";
  }
  function save() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([yaml()], {type: "text/yaml"}));
    link.download = "policies.yaml";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  root.addEventListener("change", (event) => {
    const set = event.target.closest("fieldset[data-policy]");
    if (set && event.target.type === "radio") {
      const picks = state.slice();
      picks[Number(set.dataset.policy)] = Number(event.target.value);
      take(picks);
    } else protocol();
    remember();
  });
  root.addEventListener("input", (event) => {
    if (!event.target.matches(".decide-reason")) return;
    event.target.closest("fieldset").querySelector(".decide-sure").checked = true;
    protocol();
    remember();
  });
  root.addEventListener("click", (event) => {
    const what = event.target.dataset.do;
    if (what === "reset") {
      sets.forEach((set) => { set.querySelector(".decide-sure").checked = false; set.querySelector(".decide-reason").value = ""; });
      take(now.slice());
      remember();
    }
    if (what === "print") print();
    if (what === "save") save();
  });
  addEventListener("hashchange", () => take(asked()));
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) || "{}");
    one(".decide-day").value = kept.day || "";
    policies.forEach((policy, at) => {
      sets.get(at).querySelector(".decide-reason").value = (kept.reasons || {})[policy.name] || "";
      sets.get(at).querySelector(".decide-sure").checked = (kept.sure || []).includes(policy.name);
    });
  } catch (refused) { root.dataset.forgets = ""; }
  if (!take(asked())) take(now.slice());
}, function () {
  const alarm = document.querySelector(".decide-refused");
  alarm.hidden = false;
  alarm.textContent = "这个浏览器太旧，查不了表；请换新版的 Chrome、Edge、Firefox 或 Safari。";
}));
