// What somebody pasted as the address of a repository, looked at before it becomes part of an address here.

/** Why it cannot be taken along, or nothing. The wizard judges the rest, at its own field. */
export const complaintOf = (text) => {
  const pasted = text.trim();
  if (!pasted) return "Paste the address of a repository first.";
  if (/\s/.test(pasted)) return "An address has no spaces in it.";
  if (/^[a-z+]+:\/\/[^/@]*:[^/@]*@/i.test(pasted) || /^https?:\/\/[^/]*@/i.test(pasted))
    return "Leave the user name and the token out: the next step asks for a token and keeps it sealed.";
  return "";
};

/** Where the address leads: the wizard, with its field filled in. */
export const wizardFor = (text) => `/environments/new?repo=${encodeURIComponent(text.trim())}`;
