package io.streamx.admin;

import io.streamx.endpoint.ClientStatus;
import io.streamx.endpoint.ClientStatus.InstanceStatus;
import java.util.Locale;

/** A snapshot as a page that works without a script. */
final class HtmlReport {
    static final String STYLE = """
            :root { color-scheme: light dark; --line: #8884; --note: light-dark(#555, #aaa); --wait: light-dark(#9a3b00, #ffb37a); }
            body { font: 15px/1.5 system-ui, sans-serif; margin: 1.5rem; background: light-dark(#fff, #16181c); color: light-dark(#16181c, #e8e8e8); }
            h1 { font-size: 1.3rem; margin: 0 0 .2rem; }
            h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
            p, form { margin: .3rem 0; color: var(--note); }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%; }
            th, td { text-align: left; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
            th { font-weight: 600; }
            .number { text-align: right; font-variant-numeric: tabular-nums; }
            .wait { color: var(--wait); }
            a, button, input { font: inherit; color: inherit; }
            a:focus-visible, button:focus-visible, input:focus-visible, .scroll:focus-visible { outline: 3px solid #3b82f6; outline-offset: 2px; }
            """;

    private final StringBuilder out = new StringBuilder(4096);

    private HtmlReport() {}

    static String of(Snapshot shown, String filter) {
        HtmlReport page = new HtmlReport();
        page.write(shown, filter);
        return page.out.toString();
    }

    private void write(Snapshot shown, String filter) {
        out.append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>StreamX</title>")
                .append("<meta name=\"viewport\" content=\"width=device-width\">")
                .append("<link rel=\"stylesheet\" href=\"style.css\"></head><body><main><h1>StreamX</h1><p>At ")
                .append(shown.at())
                .append(", process ")
                .append(ProcessHandle.current().pid())
                .append(". <a href=\"streamx.json\">As JSON</a></p>")
                .append("<form><label>Method contains <input name=\"method\" value=\"")
                .append(escaped(filter))
                .append("\"></label> <button>Show</button></form>");
        calls(shown);
        connections(shown);
        instances(shown);
        limits(shown);
        breakers(shown);
        out.append("</main></body></html>");
    }

    private void calls(Snapshot shown) {
        begin("Running calls", shown.callCount(), shown.calls().size());
        header("Age", true);
        header("Method", false);
        header("Side", false);
        header("Mode", false);
        header("Transport", false);
        header("Peer", false);
        header("Sent", true);
        header("Received", true);
        header("Waits", false);
        out.append("</tr></thead><tbody>");
        for (Snapshot.Call call : shown.calls()) {
            out.append("<tr>");
            cell("number", age(call.ageMillis()));
            cell("", call.method());
            cell("", call.side());
            cell("", call.mode());
            cell("", call.transport());
            cell("", call.peer());
            cell("number", Long.toString(call.sent()));
            cell("number", Long.toString(call.received()));
            cell("wait", waits(call));
            out.append("</tr>");
        }
        out.append("</tbody></table></div>");
    }

    private static String waits(Snapshot.Call call) {
        String send = call.sendWaitMillis().isEmpty()
                ? ""
                : "in send for " + age(call.sendWaitMillis().getAsLong());
        String receive = call.receiveWaitMillis().isEmpty()
                ? ""
                : "in recv for " + age(call.receiveWaitMillis().getAsLong());
        return send.isEmpty() || receive.isEmpty() ? send + receive : send + ", " + receive;
    }

    private void limits(Snapshot shown) {
        begin("Limits", shown.limits().size(), shown.limits().size());
        header("Of", false);
        header("What", false);
        header("Used", true);
        header("Allowed", true);
        out.append("</tr></thead><tbody>");
        for (Snapshot.Limit limit : shown.limits()) {
            out.append("<tr>");
            cell("", limit.of());
            cell("", limit.what());
            cell("number", Long.toString(limit.used()));
            cell("number", Long.toString(limit.most()));
            out.append("</tr>");
        }
        out.append("</tbody></table></div>");
    }

    private void instances(Snapshot shown) {
        int all = shown.clients().stream()
                .mapToInt(client -> client.instances().size())
                .sum();
        begin("Instances that clients know", all, all);
        header("Service", false);
        header("Instance", false);
        header("State", false);
        header("Weight", true);
        header("Connections", true);
        out.append("</tr></thead><tbody>");
        for (ClientStatus client : shown.clients()) {
            if (client.instances().isEmpty()) {
                instance(client.service(), "", client.isFollowing() ? "none is known" : "not called yet", "", "");
            }
            for (InstanceStatus one : client.instances()) {
                long connections = shown.connections().stream()
                        .filter(connection -> connection.service().equals(client.service())
                                && connection.instance().equals(one.address()))
                        .count();
                instance(
                        client.service(),
                        one.address(),
                        one.isAvoided() ? "avoided" : "usable",
                        String.valueOf(one.weight()),
                        Long.toString(connections));
            }
            if (client.trouble() != null) {
                instance(client.service(), "", "registry: " + client.trouble(), "", "");
            }
        }
        out.append("</tbody></table></div>");
    }

    private void instance(String service, String address, String state, String weight, String connections) {
        out.append("<tr>");
        cell("", service);
        cell("", address);
        cell(state.equals("usable") ? "" : "wait", state);
        cell("number", weight);
        cell("number", connections);
        out.append("</tr>");
    }

    private void breakers(Snapshot shown) {
        if (shown.breakers().isEmpty()) {
            return;
        }
        begin("Circuit breakers", shown.breakers().size(), shown.breakers().size());
        header("Of", false);
        header("State", false);
        out.append("</tr></thead><tbody>");
        for (Snapshot.Breaker breaker : shown.breakers()) {
            out.append("<tr>");
            cell("", breaker.name());
            cell(breaker.state().equals("closed") ? "" : "wait", breaker.state());
            out.append("</tr>");
        }
        out.append("</tbody></table></div>");
    }

    private void connections(Snapshot shown) {
        begin("Open connections", shown.connectionCount(), shown.connections().size());
        header("Age", true);
        header("Side", false);
        header("Service", false);
        header("This end", false);
        header("Peer", false);
        header("Bytes unsent", true);
        header("Bytes unread", true);
        out.append("</tr></thead><tbody>");
        for (Snapshot.Connection connection : shown.connections()) {
            out.append("<tr>");
            cell("number", age(connection.ageMillis()));
            cell("", connection.side());
            cell("", connection.service());
            cell("", connection.local());
            cell("", connection.peer());
            cell("number", Long.toString(connection.unsentBytes()));
            cell("number", Long.toString(connection.unreadBytes()));
            out.append("</tr>");
        }
        out.append("</tbody></table></div>");
    }

    private void begin(String title, int all, int rows) {
        out.append("<h2>").append(title).append(": ").append(all).append("</h2>");
        if (rows < all) {
            out.append("<p>The oldest ").append(rows).append(" of them.</p>");
        }
        // A part that scrolls has to be reachable by keyboard.
        out.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(title)
                .append("\"><table><thead><tr>");
    }

    private void header(String text, boolean number) {
        out.append("<th scope=\"col\"")
                .append(number ? " class=\"number\">" : ">")
                .append(text)
                .append("</th>");
    }

    private void cell(String kind, String text) {
        out.append("<td")
                .append(kind.isEmpty() ? ">" : " class=\"" + kind + "\">")
                .append(escaped(text))
                .append("</td>");
    }

    /** Such as {@code 0.042 s}, {@code 12 min 3 s} or {@code 5 h 7 min}. */
    static String age(long millis) {
        long seconds = millis / 1000;
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.3f s", millis / 1000.0);
        }
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }

    /** Escapes {@code text} for HTML, because names of methods come from peers. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
