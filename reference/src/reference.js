"use strict";

const METHODS = ["get", "head", "post", "put", "patch", "delete", "options"];
const dark = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 900px)");

function dress() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

/** The document's operations by tag, in the order of the tags. */
function operationsByTag(spec) {
  const found = new Map(spec.tags.map((tag) => [tag.name, []]));
  for (const [path, methods] of Object.entries(spec.paths)) {
    for (const method of METHODS.filter((name) => methods[name])) {
      const { operationId: id, summary, tags } = methods[method];
      found.get(tags[0]).push({ tag: tags[0], id, summary, method, path });
    }
  }
  return found;
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** Where Swagger UI puts an operation; it writes the names of tags so. */
function anchor({ tag, id }) {
  return `operations-${tag.replace(/\s/g, "_")}-${id}`;
}

async function go(ui, operation) {
  if (narrow.matches) document.querySelector(".contents").open = false;
  const { layoutActions } = ui.getSystem();
  layoutActions.show(["operations-tag", operation.tag], true);
  layoutActions.show(["operations", operation.tag, operation.id], true);
  history.replaceState(null, "", `#/${encodeURIComponent(operation.tag)}/${operation.id}`);
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const block = document.getElementById(anchor(operation));
  block.scrollIntoView();
  block.querySelector("button").focus({ preventScroll: true });
}

function fillContents(ui, spec) {
  const contents = document.getElementById("contents");
  const filter = document.getElementById("filter");
  const links = [];
  for (const [tag, operations] of operationsByTag(spec)) {
    const list = document.createElement("ul");
    for (const operation of operations) {
      const link = element("a", operation.summary);
      link.href = `#/${encodeURIComponent(operation.tag)}/${operation.id}`;
      link.title = `${operation.method.toUpperCase()} ${operation.path}`;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        go(ui, operation);
      });
      link.append(element("span", operation.method, `method ${operation.method}`));
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
      links.push({ item, section: list, text: `${operation.summary} ${operation.method} ${operation.path} ${operation.id}`.toLowerCase() });
    }
    const title = element("h2", tag);
    contents.append(title, list);
  }
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const { item, text } of links) item.hidden = !text.includes(wanted);
    for (const list of contents.querySelectorAll("ul")) {
      const none = [...list.children].every((item) => item.hidden);
      list.hidden = none;
      list.previousElementSibling.hidden = none;
    }
  });
}

async function main() {
  dress();
  dark.addEventListener("change", dress);
  if (narrow.matches) document.querySelector(".contents").open = false;
  const response = await fetch("/openapi.json");
  if (!response.ok) throw new Error(`the document answered ${response.status}`);
  const spec = await response.json();
  const ui = SwaggerUIBundle({
    spec,
    domNode: document.getElementById("reference"),
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    defaultModelRendering: "example",
    displayRequestDuration: true,
    requestSnippetsEnabled: true,
    persistAuthorization: false,
    validatorUrl: null,
    onComplete: () => document.documentElement.classList.add("ready"),
  });
  fillContents(ui, spec);
}

main().catch((error) => {
  document.getElementById("reference").replaceChildren(element("p", `The reference cannot be shown: ${error.message}. Reload the page to try again.`, "loading"));
});
