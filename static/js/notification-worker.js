// Shows notifications of replies, which phones leave to a worker alone, and opens the conversation of one that is clicked.
// It answers no requests: pages are fetched as without it.
addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data, location.origin).href;
  const open = async () => {
    const tabs = await clients.matchAll({ type: "window", includeUncontrolled: true });
    const shown = tabs.find((tab) => tab.url === url);
    return shown ? shown.focus() : clients.openWindow(url);
  };
  event.waitUntil(open());
});
