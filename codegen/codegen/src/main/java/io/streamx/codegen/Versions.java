package io.streamx.codegen;

import io.streamx.codegen.java.ClassName;
import io.streamx.idl.Constant;
import io.streamx.idl.Definition;
import io.streamx.idl.Document;
import io.streamx.idl.EnumType;
import io.streamx.idl.IdlResult;
import io.streamx.idl.IdlType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Two versions of an IDL, which of their definitions belong together, and what both become in Java. */
final class Versions {
    private final List<Document> olderDocuments;
    private final Symbols olderSymbols;
    private final Symbols newerSymbols;
    private final Map<Document, Document> documents = new HashMap<>();
    private final Map<Definition, Definition> definitions = new LinkedHashMap<>();
    /** Whether both were read from one file each, which may be called otherwise. */
    private final boolean singleFiles;

    Versions(IdlResult older, IdlResult newer, GeneratorOptions options) {
        olderDocuments = older.allDocuments();
        olderSymbols = new Symbols(olderDocuments, options);
        newerSymbols = new Symbols(newer.allDocuments(), options);
        singleFiles = older.documents().size() == 1 && newer.documents().size() == 1;
        if (singleFiles) {
            documents.put(older.documents().get(0), newer.documents().get(0));
        }
        for (Document document : olderDocuments) {
            Document same = closest(document, newer.allDocuments());
            if (same != null) {
                documents.putIfAbsent(document, same);
            }
        }
        for (Document document : olderDocuments) {
            for (Definition definition : document.definitions()) {
                Definition same = find(definition, newer.allDocuments());
                if (same != null) {
                    definitions.put(definition, same);
                }
            }
        }
    }

    /** The one, among the files of one name, whose folder is most like that of {@code document}. */
    private static @Nullable Document closest(Document document, List<Document> among) {
        Document best = null;
        int most = -1;
        for (Document candidate : among) {
            if (candidate.name().equals(document.name())) {
                int common = commonEnd(
                        candidate.source().toString(), document.source().toString());
                if (common > most) {
                    most = common;
                    best = candidate;
                }
            }
        }
        return best;
    }

    private static int commonEnd(String left, String right) {
        int length = 0;
        while (length < left.length()
                && length < right.length()
                && left.charAt(left.length() - 1 - length) == right.charAt(right.length() - 1 - length)) {
            length++;
        }
        return length;
    }

    private @Nullable Definition find(Definition older, List<Document> newer) {
        Document counterpart = documents.get(older.document());
        if (counterpart != null) {
            Definition same = find(older, counterpart);
            if (same != null) {
                return same;
            }
        }
        for (Document document : newer) {
            Definition moved = find(older, document);
            if (moved != null) {
                return moved;
            }
        }
        return null;
    }

    private static @Nullable Definition find(Definition older, Document document) {
        for (Definition candidate : document.definitions()) {
            if (candidate.name().equals(older.name()) && candidate.getClass() == older.getClass()) {
                return candidate;
            }
        }
        return null;
    }

    List<Document> olderDocuments() {
        return olderDocuments;
    }

    /** The newer file of an older one, or null if it is gone. */
    @Nullable
    Document counterpart(Document older) {
        return documents.get(older);
    }

    /** The newer definition of that name and kind, or null if it is gone. */
    @Nullable
    Definition counterpart(Definition older) {
        return definitions.get(older);
    }

    Symbols olderSymbols() {
        return olderSymbols;
    }

    Symbols newerSymbols() {
        return newerSymbols;
    }

    /** The Java package, unless it comes from the name of a file that is compared with one of another name. */
    String olderPackage(Document older) {
        Document newer = documents.get(older);
        boolean named = older.namespace("java") != null || older.namespace("go") != null;
        return singleFiles && newer != null && !named && !older.name().equals(newer.name())
                ? newerPackage(newer)
                : olderSymbols.packageOf(older);
    }

    String newerPackage(Document newer) {
        return newerSymbols.packageOf(newer);
    }

    /**
     * The Java class that a definition was, in the package that the newer version of its file has: that a whole file moves is
     * said once, and not for each of its classes.
     */
    String olderClass(Definition older) {
        return moved(older.document(), olderSymbols.of(older));
    }

    private String moved(Document older, ClassName name) {
        Document newer = documents.get(older);
        return newer == null ? name.qualified() : new ClassName(newerPackage(newer), name.simpleName()).qualified();
    }

    String newerClass(Definition newer) {
        return newerSymbols.of(newer).qualified();
    }

    /** The constant with its class; without it where two files of different names are compared. */
    String olderName(Constant older) {
        return sameName(older.document())
                ? moved(older.document(), olderSymbols.constantsOf(older.document())) + "." + olderSymbols.nameOf(older)
                : olderSymbols.nameOf(older);
    }

    String newerName(Constant newer) {
        boolean named = documents.entrySet().stream()
                .filter(entry -> entry.getValue() == newer.document())
                .allMatch(entry -> sameName(entry.getKey()));
        return named
                ? newerSymbols.constantsOf(newer.document()).qualified() + "." + newerSymbols.nameOf(newer)
                : newerSymbols.nameOf(newer);
    }

    private boolean sameName(Document older) {
        Document newer = documents.get(older);
        return newer == null || !singleFiles || newer.name().equals(older.name());
    }

    /** The Java type of an older type, with its packages as they are now. */
    String olderType(IdlType type, boolean boxed) {
        return javaType(type, boxed, this::olderClass);
    }

    String newerType(IdlType type, boolean boxed) {
        return javaType(type, boxed, this::newerClass);
    }

    private static String javaType(IdlType declared, boolean boxed, Function<Definition, String> classes) {
        IdlType type = declared.resolved();
        if (type instanceof IdlType.Base base) {
            return switch (base.primitive()) {
                case BOOL -> boxed ? "Boolean" : "boolean";
                case I8 -> boxed ? "Byte" : "byte";
                case I16 -> boxed ? "Short" : "short";
                case I32 -> boxed ? "Integer" : "int";
                case I64 -> boxed ? "Long" : "long";
                case DOUBLE -> boxed ? "Double" : "double";
                case STRING -> "String";
                case BINARY -> "Binary";
            };
        }
        if (type instanceof IdlType.ListOf list) {
            return "List<" + javaType(list.element(), true, classes) + ">";
        }
        if (type instanceof IdlType.SetOf set) {
            return "Set<" + javaType(set.element(), true, classes) + ">";
        }
        if (type instanceof IdlType.MapOf map) {
            return "Map<" + javaType(map.key(), true, classes) + ", " + javaType(map.value(), true, classes) + ">";
        }
        return classes.apply(((IdlType.Named) type).definition());
    }

    /** Whether a definition is an enum, which on the wire is an i32. */
    static boolean isEnum(IdlType type) {
        return type.resolved() instanceof IdlType.Named named && named.definition() instanceof EnumType;
    }
}
