package io.streamx.nativeimage;

import io.streamx.nativeimage.LookUp.Kind;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Finds what classes look up by name, in their bytecode: every call of the JDK that takes a name, or a class as an object, and
 * gives a class, a member, a service or a resource. So nothing depends on which way a program takes.
 */
final class LookUpScan {
    /** Calls that no class of the runtime makes; one that comes needs a rule here and an entry in the metadata. */
    private static final Map<String, Set<String>> WITHOUT_A_RULE = Map.of(
            "java/lang/Class",
            Set.of(
                    "getMethod",
                    "getMethods",
                    "getDeclaredMethod",
                    "getDeclaredMethods",
                    "getField",
                    "getFields",
                    "getDeclaredField",
                    "getDeclaredFields",
                    "getConstructor",
                    "getConstructors",
                    "getDeclaredConstructors",
                    "getResource",
                    "newInstance",
                    "getRecordComponents",
                    "getPermittedSubclasses"),
            "java/lang/ClassLoader",
            Set.of(
                    "loadClass",
                    "getResource",
                    "getResources",
                    "getResourceAsStream",
                    "getSystemResource",
                    "getSystemResources",
                    "getSystemResourceAsStream",
                    "resources"),
            "java/lang/Module",
            Set.of("getResourceAsStream"),
            "java/lang/reflect/Proxy",
            Set.of("newProxyInstance"),
            "java/lang/System",
            Set.of("load", "loadLibrary"),
            "java/util/ResourceBundle",
            Set.of("getBundle"),
            "java/io/ObjectInputStream",
            Set.of("readObject"));

    private final List<LookUp> found = new ArrayList<>();

    /** What the classes below that folder look up. */
    static List<LookUp> in(Path root) throws IOException {
        LookUpScan scan = new LookUpScan();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                String name = file.toString();
                // Another version of a class that is there too, and descriptors.
                if (name.endsWith(".class") && !name.contains("META-INF") && !name.endsWith("-info.class")) {
                    scan.scan(Files.readAllBytes(file));
                }
            }
        }
        return scan.found;
    }

    private void scan(byte[] bytes) {
        ClassNode type = new ClassNode();
        new ClassReader(bytes).accept(type, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        String name = Type.getObjectType(type.name).getClassName().replace('/', '.');
        if (isHandler(name) && !Modifier.isAbstract(type.access)) {
            found.add(LookUp.of(Kind.HANDLER, name, name, ""));
        }
        for (MethodNode method : type.methods) {
            scan(name, method);
        }
    }

    private static boolean isHandler(String name) {
        try {
            Class<?> loaded = Class.forName(name, false, LookUpScan.class.getClassLoader());
            return io.netty.channel.ChannelHandler.class.isAssignableFrom(loaded);
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            // What extends a class of a library that is not here is no handler of ours.
            return false;
        }
    }

    /** Follows the constants that a method loads up to the call that uses them. */
    private void scan(String by, MethodNode method) {
        Deque<Object> constants = new ArrayDeque<>();
        List<String> named = new ArrayList<>();
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof LdcInsnNode constant) {
                constants.addLast(constant.cst);
            } else if (instruction instanceof FieldInsnNode field
                    && field.getOpcode() == Opcodes.GETSTATIC
                    && field.name.equals("TYPE")) {
                constants.addLast(field.owner);
            } else if (instruction instanceof InvokeDynamicInsnNode joined
                    && joined.name.equals("makeConcatWithConstants")) {
                // Texts put together: whatever is no constant stands as the wildcard of a glob.
                constants.addLast(((String) joined.bsmArgs[0]).replace('\u0001', '*'));
            } else if (instruction instanceof MethodInsnNode call) {
                call(by, call, constants, named);
                if (!isAboutClasses(call)) {
                    constants.clear();
                }
            }
        }
    }

    /** Calls between the constants and the one that uses them. */
    private static boolean isAboutClasses(MethodInsnNode call) {
        return call.owner.equals("java/lang/invoke/MethodHandles")
                || call.owner.equals("java/lang/Class") && call.name.equals("getClassLoader");
    }

    private void call(String by, MethodInsnNode call, Deque<Object> constants, List<String> named) {
        String owner = call.owner;
        if (owner.endsWith("FieldUpdater") && call.name.equals("newUpdater")) {
            member(by, call, constants, named);
        } else if (owner.equals("java/lang/Class") && call.name.equals("forName")) {
            String type = constants.peekLast() instanceof String text ? text : "?";
            named.add(type);
            found.add(LookUp.of(type.equals("?") ? Kind.UNKNOWN : Kind.TYPE, by, type, "forName"));
        } else if (owner.equals("java/lang/Class") && call.name.equals("getDeclaredConstructor")) {
            List<String> parameters = constants.stream()
                    .filter(Type.class::isInstance)
                    .map(type -> ((Type) type).getClassName())
                    .toList();
            String type = named.isEmpty() ? "?" : named.get(named.size() - 1);
            found.add(new LookUp(type.equals("?") ? Kind.UNKNOWN : Kind.CONSTRUCTOR, by, type, "<init>", parameters));
        } else if (owner.equals("java/lang/invoke/MethodHandles$Lookup") && call.name.startsWith("find")) {
            member(by, call, constants, named);
        } else if (owner.equals("java/util/ServiceLoader") && call.name.equals("load")) {
            found.add(LookUp.of(Kind.SERVICE, by, ((Type) constants.getFirst()).getClassName(), ""));
        } else if (owner.equals("java/lang/Class") && call.name.equals("getResourceAsStream")) {
            boolean known = constants.peekLast() instanceof String;
            String resource = known ? resource(by, (String) constants.getLast()) : "?";
            found.add(LookUp.of(known ? Kind.RESOURCE : Kind.UNKNOWN, by, resource, call.name));
        } else if (WITHOUT_A_RULE.getOrDefault(owner, Set.of()).contains(call.name)) {
            found.add(LookUp.of(Kind.UNKNOWN, by, owner.replace('/', '.'), call.name));
        }
    }

    /** A name without a slash before it is one beside the class. */
    private static String resource(String by, String name) {
        return name.startsWith("/")
                ? name.substring(1)
                : by.substring(0, by.lastIndexOf('.') + 1).replace('.', '/') + name;
    }

    /** The type is a constant, or the one that the method has looked up last. */
    private void member(String by, MethodInsnNode call, Deque<Object> constants, List<String> named) {
        String name = constants.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .findFirst()
                .orElse("?");
        Object first = constants.peekFirst();
        String type = first instanceof Type constant
                ? constant.getClassName()
                : named.isEmpty() ? "?" : named.get(named.size() - 1);
        boolean known =
                Set.of("findVarHandle", "newUpdater").contains(call.name) && !type.equals("?") && !name.equals("?");
        found.add(LookUp.of(known ? Kind.FIELD : Kind.UNKNOWN, by, type, known ? name : call.name));
    }
}
