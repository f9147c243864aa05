// A one-time link carries its secret behind the #, which no server is sent: put it into the form, take it out of the
// address, and wait for the button.
const secret = location.hash.slice(1);
if (secret) {
  document.getElementById("f-token").value = secret;
  history.replaceState(null, "", location.pathname);
}
