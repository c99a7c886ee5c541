package io.streamx.idl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocCommentTest {
    @TempDir
    Path dir;

    @Test
    void commentsBelongToWhatTheyTouchFromAbove() {
        IdlFolder.Loaded loaded = IdlFolder.load(dir, """
                /* A licence. */

                // Not touching.

                /**
                 * What a person is.
                 *
                 *   indented
                 */
                struct Person { // behind the brace
                    /** The name. */
                    1: string name
                    # first line
                    // second line
                    2: i32 age // not this one
                    3: i32 height, // in cm
                    4: i32 weight /* in g */
                    5: i32 bare

                    /* floating */

                    6: i32 alone
                }
                // Colours.
                enum Colour {
                    // Like blood.
                    RED,
                    GREEN, // like grass
                }
                /** A number. */
                typedef i32 Number
                const Number ONE = 1 // the first
                /** Serves. */
                service Greeter {
                    /** Says hello. */
                    void hello(
                        /** who */ 1: string name,
                        2: string tone // loud or soft
                    )
                }
                """);
        StructType person = loaded.struct("Person");
        assertThat(person.doc()).isEqualTo("What a person is.\n\n  indented");
        assertThat(person.fields())
                .extracting(Field::doc)
                .containsExactly("The name.", "first line\nsecond line", "in cm", "in g", null, null);
        EnumType colour = loaded.definition(EnumType.class, "Colour");
        assertThat(colour.doc()).isEqualTo("Colours.");
        assertThat(colour.values()).extracting(EnumValue::doc).containsExactly("Like blood.", "like grass");
        assertThat(loaded.definition(Typedef.class, "Number").doc()).isEqualTo("A number.");
        assertThat(loaded.constant("ONE").doc()).isEqualTo("the first");
        assertThat(loaded.service("Greeter").doc()).isEqualTo("Serves.");
        Function hello = loaded.service("Greeter").functions().get(0);
        assertThat(hello.doc()).isEqualTo("Says hello.");
        assertThat(hello.arguments()).extracting(Field::doc).containsExactly("who", "loud or soft");
    }

    @Test
    void emptyCommentsAreNone() {
        assertThat(IdlFolder.load(dir, "/***/ struct A {}").struct("A").doc()).isNull();
        assertThat(IdlFolder.load(dir, "//\nstruct A {}").struct("A").doc()).isNull();
        assertThat(IdlFolder.load(dir, "/**/struct A {}").struct("A").doc()).isNull();
        assertThat(IdlFolder.load(dir, "/*\n *\n */\nstruct A {}").struct("A").doc())
                .isNull();
    }
}
