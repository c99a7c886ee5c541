package io.streamx.codegen;

import io.streamx.codegen.java.ClassName;
import io.streamx.codegen.java.JavaNames;
import io.streamx.idl.Constant;
import io.streamx.idl.Definition;
import io.streamx.idl.Diagnostic;
import io.streamx.idl.Document;
import io.streamx.idl.EnumType;
import io.streamx.idl.EnumValue;
import io.streamx.idl.Field;
import io.streamx.idl.Include;
import io.streamx.idl.Service;
import io.streamx.idl.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which Java class each definition becomes. What the IDL names goes first; classes made up by the generator, such as
 * clients, get another name when theirs is taken.
 */
final class Symbols {
    private final GeneratorOptions options;
    private final Map<Definition, ClassName> classes = new HashMap<>();
    private final Map<Service, ClassName> clients = new HashMap<>();
    private final Map<Service, ClassName> methods = new HashMap<>();
    private final Map<Document, ClassName> constants = new HashMap<>();
    /**
     * What made each class, by its package and its simple name in lower case, since some file systems take names so.
     */
    private final Map<String, Map<String, Document>> taken = new HashMap<>();

    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private final Map<Constant, String> constantNames = new HashMap<>();
    private final Map<EnumType, Map<EnumValue, String>> enumNames = new HashMap<>();
    private final Map<StructType, Map<Field, String>> armNames = new HashMap<>();
    private final Map<StructType, List<JavaField>> fields = new HashMap<>();

    Symbols(List<Document> documents, GeneratorOptions options) {
        this.options = options;
        Set<Document> all = new LinkedHashSet<>();
        documents.forEach(document -> addWithIncludes(document, all));
        all.forEach(this::nameDeclared);
        all.forEach(this::nameDerived);
    }

    private static void addWithIncludes(Document document, Set<Document> all) {
        if (all.contains(document)) {
            return;
        }
        for (Include include : document.includes()) {
            addWithIncludes(include.document(), all);
        }
        all.add(document);
    }

    private void nameDeclared(Document document) {
        for (Definition definition : document.definitions()) {
            if (!isClass(definition)) {
                continue;
            }
            String simpleName = JavaNames.type(definition.name());
            Document other = names(document).get(lower(simpleName));
            if (other != null && other != document) {
                diagnostics.add(new Diagnostic(
                        Diagnostic.Severity.ERROR,
                        definition.position(),
                        definition.name() + " and a definition of " + other.displayName() + " both become "
                                + packageOf(document) + "." + simpleName + capitals(other, simpleName)
                                + " (expected: another namespace java in one of the files)"));
            }
            classes.put(definition, take(document, simpleName));
        }
    }

    /** What an error adds where another class has the name in other capitals. */
    private static String capitals(Document document, String simpleName) {
        boolean same = document.definitions().stream()
                .anyMatch(definition ->
                        isClass(definition) && JavaNames.type(definition.name()).equals(simpleName));
        return same ? "" : " where file systems do not tell capitals apart";
    }

    private static boolean isClass(Definition definition) {
        return definition instanceof StructType || definition instanceof EnumType || definition instanceof Service;
    }

    private void nameDerived(Document document) {
        for (Service service : document.definitions(Service.class)) {
            String simpleName = of(service).simpleName();
            clients.put(service, take(document, simpleName + "Client"));
            methods.put(service, take(document, simpleName + "Methods"));
        }
        constants.put(document, take(document, JavaNames.type(document.name().replaceAll("\\W", "_")) + "Constants"));
    }

    private ClassName take(Document document, String simpleName) {
        Map<String, Document> names = names(document);
        String unique = JavaNames.unique(simpleName, name -> names.containsKey(lower(name)));
        names.put(lower(unique), document);
        return new ClassName(packageOf(document), unique);
    }

    private static String lower(String simpleName) {
        return simpleName.toLowerCase(Locale.ROOT);
    }

    private Map<String, Document> names(Document document) {
        return taken.computeIfAbsent(packageOf(document), ignored -> new HashMap<>());
    }

    /** A new name in the package of {@code document} for a class that only another generated class uses. */
    ClassName helper(Document document, String simpleName) {
        return take(document, simpleName);
    }

    /** The Java name of a constant. */
    String nameOf(Constant constant) {
        if (!constantNames.containsKey(constant)) {
            Set<String> used = new HashSet<>();
            for (Constant one : constant.document().definitions(Constant.class)) {
                String name = JavaNames.unique(JavaNames.constant(one.name()), used::contains);
                used.add(name);
                constantNames.put(one, name);
            }
        }
        return known(constantNames, constant);
    }

    /** The constant of each value. */
    Map<EnumValue, String> namesOf(EnumType enumType) {
        return enumNames.computeIfAbsent(enumType, EnumSource::names);
    }

    /** The record of each arm of a union. */
    Map<Field, String> armsOf(StructType union) {
        return armNames.computeIfAbsent(union, type -> UnionSource.armNames(type, of(type)));
    }

    /** The fields of a struct or exception. */
    List<JavaField> fieldsOf(StructType struct) {
        return fields.computeIfAbsent(struct, JavaField::ofStruct);
    }

    /** The definitions that no Java class can be named after. */
    List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    /** The Java package of a document. */
    String packageOf(Document document) {
        String chosen = options.javaPackages().get(document.name());
        if (chosen == null) {
            chosen = options.javaPackage();
        }
        if (chosen == null) {
            chosen = document.namespace("java");
        }
        if (chosen == null) {
            chosen = document.namespace("go");
        }
        return JavaNames.packageName(chosen == null ? document.defaultNamespace() : chosen);
    }

    /** Whether the package has a class of that name, however its letters are. */
    boolean isTaken(String packageName, String simpleName) {
        return taken.getOrDefault(packageName, Map.of()).containsKey(lower(simpleName));
    }

    /** The class of a struct, union, exception or enum, or the interface of a service. */
    ClassName of(Definition definition) {
        return known(classes, definition);
    }

    ClassName clientOf(Service service) {
        return known(clients, service);
    }

    /** The class with the arguments and descriptors of a service's methods. */
    ClassName methodsOf(Service service) {
        return known(methods, service);
    }

    /** The class with a document's constants. */
    ClassName constantsOf(Document document) {
        return known(constants, document);
    }

    private static <K, V> V known(Map<K, V> names, K key) {
        V name = names.get(key);
        if (name == null) {
            throw new IllegalStateException(key + " becomes no class");
        }
        return name;
    }
}
