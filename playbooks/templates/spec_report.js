// SPDX-FileCopyrightText: 2026 community.modelarts contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Sorts and filters the table. Without it the page shows the whole table.
"use strict";
(() => {
  const table = document.querySelector("table");
  if (!table) {
    return;
  }
  const form = document.querySelector("form");
  const shown = document.querySelector("output");
  const nothing = document.querySelector(".nothing");
  const headings = [...table.tHead.rows[0].cells];
  const names = headings.map((heading) => heading.dataset.name);
  const collator = new Intl.Collator("en", { numeric: true });

  // A number, or the text in lower case; null where it is unknown, or no number among numbers.
  const read = (cell, heading) => {
    if (cell.classList.contains("unknown")) {
      return null;
    }
    if (!heading.classList.contains("number")) {
      return cell.textContent.toLowerCase();
    }
    return cell.classList.contains("number") ? Number(cell.textContent) : null;
  };
  const rows = [...table.tBodies[0].rows].map((element) => ({
    element,
    text: [...element.cells].map((cell) => cell.textContent.toLowerCase()).join(" "),
    soldOut: element.classList.contains("sold-out"),
    has: element.dataset,
    values: Object.fromEntries(names.map((name, index) => [name, read(element.cells[index], headings[index])])),
  }));

  const compare = (one, other, direction) => {
    if (one === null || other === null) {
      return (one === null) - (other === null); // unknown is last in either direction
    }
    return direction * (typeof one === "number" ? one - other : collator.compare(one, other));
  };

  const sort = (heading) => {
    const direction = heading.ariaSort === "ascending" ? -1 : 1;
    for (const other of headings) {
      other.removeAttribute("aria-sort");
    }
    heading.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
    const name = heading.dataset.name;
    // Rows keep the order that they are in where the column has them equal.
    rows.sort((one, other) => compare(one.values[name], other.values[name], direction));
    table.tBodies[0].append(...rows.map((row) => row.element));
  };

  const filter = () => {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const bounds = [...form.querySelectorAll("input[type=number]")]
      .map((input) => ({ name: input.name, least: input.valueAsNumber }))
      .filter((bound) => !Number.isNaN(bound.least));
    const matches = (row) =>
      words.every((word) => row.text.includes(word)) &&
      !(form.elements.available.checked && row.soldOut) &&
      // A report without NPUs has no field for them.
      ["gpu", "npu"].every((name) => !form.elements[name]?.checked || name in row.has) &&
      // What is not stated meets no bound.
      bounds.every((bound) => row.values[bound.name] !== null && row.values[bound.name] >= bound.least);
    let count = 0;
    for (const row of rows) {
      row.element.hidden = !matches(row);
      count += !row.element.hidden;
    }
    shown.value = `${count} of ${rows.length} specs shown`;
    table.hidden = count === 0;
    nothing.hidden = count !== 0;
  };

  for (const heading of headings) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.firstElementChild.childNodes);
    button.addEventListener("click", () => sort(heading));
    heading.replaceChildren(button);
  }
  form.addEventListener("input", filter);
  form.querySelector("button").addEventListener("click", () => {
    form.reset();
    filter();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
