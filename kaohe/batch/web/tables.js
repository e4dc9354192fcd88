// What a table of figures needs: sorting by a heading, a filter, a CSV file. data-sort holds the exact value.
(function () {
  const MANY = 8;

  function key(row, column) {
    const cell = row.cells[column];
    return cell ? (cell.dataset.sort !== undefined ? cell.dataset.sort : cell.textContent.trim()) : "";
  }
  function compare(a, b) {
    const x = parseFloat(a), y = parseFloat(b);
    return isNaN(x) || isNaN(y) ? a.localeCompare(b, "zh-CN", {numeric: true}) : x - y;
  }
  function sort(table, heads, column, down) {
    heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = Array.from(body.rows).map(function (row, place) { return [key(row, column), place, row]; });
    rows.sort(function (a, b) { return (down ? -1 : 1) * compare(a[0], b[0]) || a[1] - b[1]; });
    rows.forEach(function (entry) { body.append(entry[2]); });
  }
  function sortable(table) {
    const heads = Array.from(table.querySelectorAll("thead th"));
    heads.forEach(function (head, column) {
      // Not a <button>: Chromium leaves those out of a head it repeats on the next sheet.
      const button = document.createElement("span");
      button.className = "sort";
      button.tabIndex = 0;
      button.title = "点击排序";
      button.setAttribute("role", "button");
      button.append.apply(button, head.childNodes);
      head.append(button);
      button.addEventListener("keydown", function (event) {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        head.click();
      });
      head.addEventListener("click", function () {
        sort(table, heads, column, head.getAttribute("aria-sort") === "ascending");
      });
    });
  }

  // A heading row stays while one of its rows does.
  function filter(table, words) {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    let heading = null, shown = 0, all = 0;
    for (const row of table.tBodies[0].rows) {
      if (row.classList.contains("section")) {
        heading = row;
        heading.hidden = wanted.length > 0;
        continue;
      }
      const text = row.textContent.toLowerCase();
      row.hidden = !wanted.every(function (word) { return text.includes(word); });
      all += 1;
      if (row.hidden) continue;
      shown += 1;
      if (heading) heading.hidden = false;
    }
    return wanted.length ? shown + " / " + all + " 行" : "";
  }

  // As shown; <br> and asides apart from their neighbours. A figure stays one, with the minus that spreadsheets know; a
  // text they must not run as a formula.
  function words(cell) {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll("br, .kh-sub").forEach(function (each) { each.before(" "); });
    const text = copy.textContent.replace(/\s+/g, " ").trim();
    const figure = text.replace(/^[−–](?=\d)/, "-");
    if (/^[+-]?\d+(\.\d+)?%?$/.test(figure)) return figure;
    return /^[=+\-@]/.test(text) ? "'" + text : text;
  }
  window.kaoheCell = words;  // figures.js copies tables
  function csv(table) {
    const rows = Array.from(table.rows).filter(function (row) { return !row.hidden; });
    return rows.map(function (row) {
      return Array.from(row.cells).map(function (cell) {
        return '"' + words(cell).replace(/"/g, '""') + '"' + ",".repeat(cell.colSpan - 1);
      }).join(",");
    }).join("\r\n") + "\r\n";
  }
  // The nearest name over it: its caption, the figure it stands behind, the heading.
  function title(table) {
    if (table.caption) return table.caption.textContent;
    const named = Array.from(document.querySelectorAll("h2, h3, figcaption strong")).filter(function (each) {
      return each.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING;
    });
    return named.length ? named[named.length - 1].textContent : "";
  }
  function download(table) {
    const name = [document.title, title(table)].filter(Boolean).join(" ").replace(/[\\/:*?"<>|¶\s]+/g, " ").trim();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + csv(table)], {type: "text/csv;charset=utf-8"}));
    link.download = name.slice(0, 80) + ".csv";
    link.click();
    URL.revokeObjectURL(link.href);
  }

  // On a phone a table of cards has no head to press.
  function order(table) {
    const heads = Array.from(table.querySelectorAll("thead th")), choice = document.createElement("select");
    choice.setAttribute("aria-label", "排序：" + (title(table) || "这张表"));
    choice.append(new Option("排序", ""));
    heads.forEach(function (head, column) {
      const name = head.textContent.trim();
      if (!name) return;
      choice.append(new Option(name + " ↑", column + " up"), new Option(name + " ↓", column + " down"));
    });
    choice.addEventListener("change", function () {
      const picked = choice.value.split(" ");
      if (picked[0]) sort(table, heads, Number(picked[0]), picked[1] === "down");
    });
    return choice;
  }
  function tools(table) {
    const bar = document.createElement("div");
    bar.className = "tools";
    if (table.tBodies[0].rows.length > MANY) {
      const input = document.createElement("input");
      const count = document.createElement("span");
      input.type = "search";
      input.placeholder = "筛选这张表";
      input.setAttribute("aria-label", "筛选：" + (title(table) || "这张表"));
      count.setAttribute("role", "status");
      input.addEventListener("input", function () { count.textContent = filter(table, input.value); });
      bar.append(count, input);
    }
    if (table.classList.contains("sortable") && table.classList.contains("stacks")) bar.append(order(table));
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "下载 CSV";
    button.setAttribute("aria-label", "下载 CSV：" + (title(table) || "这张表"));
    button.addEventListener("click", function () { download(table); });
    bar.append(button);
    table.closest(".table-scroll").before(bar);
  }

  // On a phone the style sets these row by row, a card a row; each value then needs its heading beside it.
  function stacks(table) {
    const heads = Array.from(table.querySelectorAll("thead th")).map(function (head) { return head.textContent; });
    if (heads.length < 4 && !table.querySelector("td.reason, td.wide")) return;
    table.classList.add("stacks");
    for (const row of table.tBodies[0].rows) {
      let column = 0;
      for (const cell of row.cells) {
        if (heads[column]) cell.dataset.label = heads[column];
        column += cell.colSpan;
      }
    }
  }

  // A frame that scrolls has to be reached by the keyboard, and keeps head and names in sight by itself; one that need
  // not scroll is open, so that the head sticks to the window.
  function scrolls(frame) {
    frame.classList.remove("fits");
    const wide = frame.scrollWidth > frame.clientWidth + 1;
    frame.classList.toggle("fits", !wide);
    if (wide) frame.tabIndex = 0;
    else frame.removeAttribute("tabindex");
    if (wide) keeps(frame.querySelector("table.kh-table"));
  }
  // The columns up to the name: each knows how far those before it reach.
  function keeps(table) {
    if (!table || table.classList.contains("kept")) return;
    const first = table.tBodies[0] && Array.from(table.tBodies[0].rows).find(function (row) { return row.cells.length > 2; });
    if (!first) return;
    const named = Array.from(first.cells).findIndex(function (cell) { return cell.classList.contains("name"); });
    const last = named >= 0 && named <= 2 ? named : 0;
    table.classList.add("kept");
    for (const row of table.rows) {
      let left = 0;
      for (let at = 0; at <= last && at < row.cells.length; at += 1) {
        if (row.cells[at].colSpan > 1) break;
        row.cells[at].classList.add("keeps");
        row.cells[at].style.left = left + "px";
        left += first.cells[at].offsetWidth;
      }
    }
  }
  function frames() { document.querySelectorAll(".table-scroll").forEach(scrolls); }

  function start() {
    document.querySelectorAll("table.kh-table").forEach(stacks);
    document.querySelectorAll("table.sortable").forEach(sortable);
    document.querySelectorAll(".table-scroll > table.kh-table").forEach(tools);
    document.querySelectorAll("details").forEach(function (each) { each.addEventListener("toggle", frames); });
    addEventListener("resize", frames);
    frames();
  }
  kaoheUnpacked.then(start, start);
})();
