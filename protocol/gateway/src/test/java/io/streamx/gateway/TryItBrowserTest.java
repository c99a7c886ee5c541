package io.streamx.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.streamx.testkit.Browser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The try-it page in a headless Chromium. Skipped, loudly, where there is none. */
class TryItBrowserTest {
    private static final String STATE = "document.getElementById('state').textContent";
    private static final String REPLIES = "document.getElementById('replies').innerText";
    private static final String JSON = "document.getElementById('json').value";

    @SuppressWarnings("NullAway.Init")
    private static GatewayServer gateway;

    @SuppressWarnings("NullAway.Init")
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Browser.command().isPresent(), "no Chromium in /usr/bin, so no browser has shown the page");
        gateway = new GatewayServer(options -> options.tryItPage(true), server -> server);
        browser = new Browser(
                Browser.command().get(),
                Files.createTempDirectory(Path.of("target").toAbsolutePath(), "chromium"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
            gateway.close();
        }
    }

    @BeforeEach
    void forget() {
        gateway.chat.events.clear();
        gateway.chat.pace.drainPermits();
    }

    private static void show(String method) throws Exception {
        browser.open("about:blank");
        browser.open("http://localhost:" + gateway.port() + "/streamx/try/#" + method);
        browser.await("document.getElementById('title')?.textContent == '" + method + "'");
    }

    private static void click(String id) throws Exception {
        String unused = browser.run("document.getElementById('" + id + "').click(), 'clicked'");
    }

    /** Writes into a control as a user does, so that the page is told. */
    private static void write(String selector, String value) throws Exception {
        String unused = browser.run("(() => { const control = document.querySelector('" + selector
                + "'); control.value = '" + value
                + "'; control.dispatchEvent(new Event('input', {bubbles: true})); return 'written'; })()");
    }

    @Test
    void aFormFillsTheJsonAndTheCallIsMade() throws Exception {
        show("chat.Chat/Ask");
        assertThat(browser.run("document.getElementById('doc').textContent")).isEqualTo("One answer to one question.");
        assertThat(browser.run("document.getElementById('fields').textContent")).contains("What is asked.");

        write("#fields input", "why?");
        assertThat(browser.run("JSON.parse(" + JSON + ").text")).isEqualTo("why?");
        click("start");
        browser.await(STATE + " == 'done'");

        assertThat(browser.run(REPLIES)).contains("you asked: why?");
        assertThat(browser.run("document.getElementById('command').textContent"))
                .isEqualTo("streamx call localhost:" + gateway.port()
                        + " Chat/Ask --idl FILE.thrift -d '{ \"text\": \"why?\" }'");
    }

    @Test
    void anAddressThatIsTypedWrongStillShowsThePage() throws Exception {
        browser.open("about:blank");
        browser.open("http://localhost:" + gateway.port() + "/streamx/try/#%");
        browser.await("document.body.innerText.includes('chat.Chat')");
        String unused = browser.run("location.hash = '#%E0%A4%A', 'changed'");
        unused = browser.run("location.hash = '#chat.Chat/Ask', 'changed'");
        browser.await("document.getElementById('title')?.textContent == 'chat.Chat/Ask'");
    }

    @Test
    void theJsonFillsTheFormAndWhatIsNoJsonIsSaidToBeNone() throws Exception {
        show("chat.Chat/Ask");
        write("#json", "{\"text\":\"a\",\"mood\":\"LOUD\",\"earlier\":[{\"text\":\"b\"}]}");
        assertThat(browser.run("document.querySelector('#fields select').value"))
                .isEqualTo("LOUD");
        assertThat(browser.run("[...document.querySelectorAll('#fields input')].map(each => each.value).join()"))
                .isEqualTo("a,b");

        write("#json", "{");
        assertThat(browser.run("document.getElementById('problem').textContent"))
                .startsWith("not JSON yet");
    }

    @Test
    void headersAndMetainfoGoWithTheCall() throws Exception {
        show("chat.Chat/Metadata");
        click("add-entry");
        write(".entry .name", "x-tag");
        write(".entry .value", "blue");
        click("add-entry");
        write(".entry:last-child select", "persistent");
        write(".entry:last-child .name", "TENANT");
        write(".entry:last-child .value", "it is mine");
        write("#json", "\"x-tag\"");
        click("start");
        browser.await(STATE + " == 'done'");

        assertThat(browser.run(REPLIES))
                .contains("[blue]", "TENANT=it is mine")
                .contains("x-seen: yes")
                .contains("trailer-x-cost: 3");
        assertThat(browser.run("document.getElementById('command').textContent"))
                .contains("-H 'x-tag: blue'", "--persistent 'TENANT=it is mine'");
    }

    @Test
    void aStreamShowsItsMessagesAsTheyComeAndCanBeStopped() throws Exception {
        show("chat.Chat/Tokens");
        write("#json", "{\"text\":\"paced\"}");
        click("start");
        assertThat(gateway.event()).isEqualTo("streaming from 0");
        for (int i = 1; i <= 3; i++) {
            gateway.chat.pace.release();
            browser.await(REPLIES + ".includes('token " + i + "')");
        }
        assertThat(browser.run(STATE)).isEqualTo("running");
        click("stop");

        assertThat(gateway.event()).isEqualTo("ended: true");
        browser.await(STATE + " == 'stopped'");
    }

    @Test
    void bothWaysOfATalkAreShown() throws Exception {
        show("chat.Chat/Talk");
        click("start");
        browser.await("!document.getElementById('send').disabled");
        for (int i = 1; i <= 2; i++) {
            write("#json", "{\"number\":" + i + ",\"text\":\"hello " + i + "\"}");
            click("send");
            browser.await(REPLIES + ".split('hello " + i + "').length == 3");
        }
        click("finish");

        browser.await(STATE + " == 'done'");
        assertThat(gateway.event()).isEqualTo("talked");
    }

    @Test
    void whatAServerSaysIsNoMarkupAndErrorsAreShown() throws Exception {
        show("chat.Chat/Ask");
        write("#json", "{\"text\":\"<img src=x id=evil><b>bold</b>\"}");
        click("start");
        browser.await(STATE + " == 'done'");
        assertThat(browser.run(REPLIES)).contains("<img src=x id=evil>");
        assertThat(browser.run("String(document.getElementById('evil'))")).isEqualTo("null");
        // A script within the page does not run, whoever puts it there.
        assertThat(browser.run("(() => { const script = document.createElement('script'); script.textContent ="
                        + " 'window.evil = 1'; document.body.append(script); return String(window.evil); })()"))
                .isEqualTo("undefined");

        show("chat.Chat/Fail");
        write("#json", "\"business\"");
        click("start");
        browser.await(STATE + " == 'failed'");
        assertThat(browser.run(REPLIES)).contains("422", "no more credit");
    }

    @Test
    void aProtobufMethodIsCalledLikewise() throws Exception {
        show("acme.types.v1.Types/Echo");
        write("#json", "{\"name\":\"n\",\"fields\":[{\"number\":1}]}");
        click("start");
        browser.await(STATE + " == 'done'");

        assertThat(browser.run(REPLIES)).contains("\"name\":\"n\"");
        assertThat(browser.run("document.getElementById('command').textContent"))
                .contains("--reflect");
    }

    @Test
    void aKeyboardIsEnough() throws Exception {
        show("chat.Chat/Nothing");
        String unused = browser.run("document.getElementById('filter').focus(), 'focused'");
        browser.type("Ask");
        browser.await("document.querySelectorAll('#services button').length == 1");
        browser.press("Tab");
        browser.press("Enter");
        browser.await("document.getElementById('title').textContent == 'chat.Chat/Ask'");
        // The focus follows to the method, whose first control is the first field.
        browser.press("Tab");
        browser.type("typed");
        browser.press("Enter");

        browser.await(STATE + " == 'done'");
        assertThat(browser.run(REPLIES)).contains("you asked: typed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat.Chat/Ask", "chat.Chat/Talk", "acme.types.v1.Types/Echo"})
    void everyControlHasANameForAScreenReader(String method) throws Exception {
        show(method);
        click("add-entry");

        assertThat(browser.run("[...document.querySelectorAll('input, select, textarea, button, [tabindex]')]"
                        + ".filter(each => each.id != 'method' && !each.labels?.length && !each.textContent.trim()"
                        + " && !each.getAttribute('aria-labelledby')).map(each => each.outerHTML).join()"))
                .isEmpty();
        assertThat(browser.run("document.documentElement.lang + document.querySelectorAll('main, nav, h1').length"))
                .isEqualTo("en3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void textsStandOutFromTheirPaper(String scheme) throws Exception {
        browser.prefer(scheme);
        show("chat.Chat/Tokens");
        write("#json", "{\"text\":\"what a day\"}");
        click("start");
        browser.await(STATE + " == 'done'");
        String colours = "getComputedStyle(document.documentElement).getPropertyValue('--%s').trim()";
        for (String[] pair : new String[][] {
            {"ink", "paper"},
            {"quiet", "paper"},
            {"bad", "paper"},
            {"accent", "paper"},
            {"on-accent", "accent"},
            {"ink", "block"},
            {"quiet", "block"},
            {"bad", "block"}
        }) {
            double front = luminance(browser.run(String.format(colours, pair[0])));
            double back = luminance(browser.run(String.format(colours, pair[1])));
            // The least contrast of WCAG 2.2, success criterion 1.4.3.
            assertThat((Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05))
                    .as(pair[0] + " on " + pair[1])
                    .isGreaterThan(4.5);
        }
        boolean isDark = luminance(browser.run(String.format(colours, "paper"))) < 0.5;
        assertThat(isDark).isEqualTo(scheme.equals("dark"));
        Path picture = Path.of("target", "try-it-" + scheme + ".png");
        browser.picture(picture, 1250, 860);
        assertThat(Files.size(picture)).isGreaterThan(5_000);
        browser.prefer("light");
    }

    private static double luminance(String colour) {
        Matcher parts = Pattern.compile("#(..)(..)(..)").matcher(colour);
        assertThat(parts.matches()).as(colour).isTrue();
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            double part = Integer.parseInt(parts.group(i + 1), 16) / 255.0;
            sum += weights[i] * (part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
        }
        return sum;
    }

    @Test
    void thePageNamesNobodyElse() throws Exception {
        for (String file : new String[] {"index.html", "page.js", "form.js", "call.js", "style.css"}) {
            try (var in = Objects.requireNonNull(TryItPage.class.getResourceAsStream("tryit/" + file))) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .as(file)
                        .doesNotContain("://", "innerHTML", "eval(");
            }
        }
    }
}
