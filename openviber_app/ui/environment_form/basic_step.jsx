import { jsx } from "@emotion/react";
import { readAddress, writeAddress } from "./address.js";
import { AreaField, Choice, TextField } from "./fields.jsx";

const TYPES = [
  { id: "github", label: "Git repository", help: "cloned on the node" },
  { id: "local", label: "Folder on a node", help: "used where it is" },
  { id: "manual", label: "Empty folder", help: "your script fills it" },
];
const ADDRESSES =
  "An https:// or ssh address, such as https://github.com/acme/api or git@github.com:acme/api. Any host works: GitHub, " +
  "GitLab, Gitea, your own. A private one needs a token or a deploy key (step Variables).";

/** What it is called and where its files come from. */
export function BasicStep({ form, change }) {
  const address = readAddress(form.repoUrl);
  const named = (name) => {
    const isOurs = !form.name || form.name === form.suggested;
    return isOurs && name ? { name, suggested: name } : {};
  };
  /** A whole address was pasted, or the field was left: take it apart. */
  const take = (text) => {
    const found = readAddress(text);
    if (!found) return change({ repoUrl: text.trim() });
    const branch = found.branch ? { repoBranch: found.branch } : {};
    change({ repoUrl: found.branch ? found.url : text.trim(), ...branch, ...named(found.name) });
  };
  const write = (org, name) => change({ repoUrl: writeAddress(form.repoUrl, org, name), ...named(name) });
  return jsx(
    "div",
    { className: "step-body" },
    jsx(Choice, {
      name: "type",
      label: "Where the files come from",
      options: TYPES,
      value: form.type,
      onChange: (type) => change({ type }),
    }),
    form.type === "github" && [
      jsx(TextField, {
        key: "url",
        id: "repoUrl",
        name: "repoUrl",
        label: "Repository address",
        help: ADDRESSES,
        isMono: true,
        inputMode: "url",
        placeholder: "https://github.com/acme/checkout-api",
        value: form.repoUrl,
        onChange: (repoUrl) => change({ repoUrl, ...named(readAddress(repoUrl)?.name) }),
        onPaste: (event) => {
          const { selectionStart, selectionEnd, value } = event.target;
          const pasted = event.clipboardData.getData("text").trim();
          const isWhole = selectionEnd - selectionStart === value.length;
          if (!isWhole || !readAddress(pasted)) return;
          event.preventDefault();
          take(pasted);
        },
        onBlur: (event) => event.target.value !== form.repoUrl.trim() || take(event.target.value),
      }),
      jsx(
        "div",
        { key: "parts", className: "field-row" },
        jsx(TextField, {
          id: "repoOrg",
          label: "Organisation",
          value: address?.org ?? "",
          placeholder: "acme",
          onChange: (org) => write(org.trim(), address?.name ?? ""),
        }),
        jsx(TextField, {
          id: "repoName",
          label: "Repository",
          value: address?.name ?? "",
          placeholder: "checkout-api",
          onChange: (name) => write(address?.org ?? "", name.trim()),
        }),
        jsx(TextField, {
          id: "repoBranch",
          name: "repoBranch",
          label: "Branch",
          value: form.repoBranch,
          placeholder: "the default one",
          onChange: (repoBranch) => change({ repoBranch }),
        }),
      ),
    ],
    form.type === "local" &&
      jsx(TextField, {
        id: "localPath",
        name: "localPath",
        label: "Path on the node",
        help: "The whole path of one folder, beginning with a slash. Threads work in it directly, one at a time; a node that does not have it cannot be used.",
        isMono: true,
        placeholder: "/srv/checkout-api",
        value: form.localPath,
        onChange: (localPath) => change({ localPath }),
      }),
    jsx(TextField, {
      id: "name",
      name: "name",
      label: "Name",
      help: "How you find it in lists; 1 to 100 characters.",
      value: form.name,
      placeholder: "checkout-api",
      onChange: (name) => change({ name }),
    }),
    jsx(AreaField, {
      id: "description",
      name: "description",
      label: "Description",
      optional: "optional",
      rows: 2,
      value: form.description,
      onChange: (description) => change({ description }),
    }),
  );
}
