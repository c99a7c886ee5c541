package io.streamx.ttheader.unary;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.StatusException;
import io.streamx.ttheader.unary.Echo.Refused;
import io.streamx.ttheader.unary.Echo.Text;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ends each call as its text asks for; any other text is returned. */
final class ObedientHandler implements Echo.Handler {
    @Override
    public @Nullable Text say(Text text) throws Exception {
        switch (text.value()) {
            case "refuse" -> throw new Refused("not today");
            case "business" -> throw new BizStatusException(7, "no money", Map.of("account", "<1&2>"));
            case "business within" -> throw new IllegalStateException("wrapped", new BizStatusException(-7, ""));
            case "fail" -> throw new IllegalStateException("boom");
            case "fail without text" -> throw new IllegalStateException();
            case "panic" -> throw new AssertionError("lost");
            case "own type" -> throw new ApplicationException(99, "mine");
            case "status" -> throw new StatusException(1900, "x");
            case "nothing" -> {
                return null;
            }
            default -> {
                return text;
            }
        }
    }
}
