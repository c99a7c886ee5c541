// Kitex with its own registry modules, for tests of ours beside them.
//
//	peer serve REGISTRY ADDRESS SERVICE NAME WEIGHT KEY=VALUE...
//	peer call REGISTRY ADDRESS SERVICE
//
// serve answers Say with NAME until its standard input ends; call reads numbers of calls from standard input, one a line,
// and writes how often each name answered. Both write one line of JSON at a time.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/pkg/discovery"
	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/pkg/registry"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/pkg/utils"
	"github.com/cloudwego/kitex/server"
	etcd "github.com/kitex-contrib/registry-etcd"
	nacos1registry "github.com/kitex-contrib/registry-nacos/registry"
	nacos1resolver "github.com/kitex-contrib/registry-nacos/resolver"
	nacos2registry "github.com/kitex-contrib/registry-nacos/v2/registry"
	nacos2resolver "github.com/kitex-contrib/registry-nacos/v2/resolver"
	zkregistry "github.com/kitex-contrib/registry-zookeeper/registry"
	zkresolver "github.com/kitex-contrib/registry-zookeeper/resolver"

	"io.streamx/registry/peer/kitex_gen/echo"
	"io.streamx/registry/peer/kitex_gen/echo/echoservice"
)

const zkSession = 10 * time.Second

type handler struct{ name string }

func (h *handler) Say(ctx context.Context, text string) (*echo.Text, error) {
	return &echo.Text{Text: h.name}, nil
}

// What the test reads. Some clients of registries write to standard output too; they get standard error.
var answers = os.Stdout

func main() {
	os.Stdout = os.Stderr
	klog.SetOutput(os.Stderr)
	klog.SetLevel(klog.LevelError)
	arguments := os.Args[1:]
	switch {
	case len(arguments) >= 6 && arguments[0] == "serve":
		serve(arguments[1], arguments[2], arguments[3], arguments[4], arguments[5], arguments[6:])
	case len(arguments) == 4 && arguments[0] == "call":
		call(arguments[1], arguments[2], arguments[3])
	default:
		fail(fmt.Errorf("arguments %v (expected: serve or call, see main.go)", arguments))
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func say(what any) {
	line, err := json.Marshal(what)
	if err != nil {
		fail(err)
	}
	fmt.Fprintln(answers, string(line))
}

func registryOf(kind, address string) registry.Registry {
	var made registry.Registry
	var err error
	switch kind {
	case "etcd":
		made, err = etcd.NewEtcdRegistry([]string{address})
	case "zookeeper":
		made, err = zkregistry.NewZookeeperRegistry([]string{address}, zkSession)
	case "nacos1":
		made = nacos1registry.NewNacosRegistry(nacos1(address))
	case "nacos2":
		made = nacos2registry.NewNacosRegistry(nacos2(address))
	default:
		err = fmt.Errorf("registry %q (expected: etcd, zookeeper, nacos1 or nacos2)", kind)
	}
	if err != nil {
		fail(err)
	}
	return made
}

func resolverOf(kind, address string) discovery.Resolver {
	var made discovery.Resolver
	var err error
	switch kind {
	case "etcd":
		made, err = etcd.NewEtcdResolver([]string{address})
	case "zookeeper":
		made, err = zkresolver.NewZookeeperResolver([]string{address}, zkSession)
	case "nacos1":
		made = nacos1resolver.NewNacosResolver(nacos1(address))
	case "nacos2":
		made = nacos2resolver.NewNacosResolver(nacos2(address))
	default:
		err = fmt.Errorf("registry %q (expected: etcd, zookeeper, nacos1 or nacos2)", kind)
	}
	if err != nil {
		fail(err)
	}
	return made
}

func serve(kind, address, service, name, weight string, tags []string) {
	parsed, err := strconv.Atoi(weight)
	if err != nil {
		fail(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fail(err)
	}
	info := &registry.Info{ServiceName: service, Weight: parsed, Tags: map[string]string{}}
	for _, tag := range tags {
		key, value, _ := strings.Cut(tag, "=")
		info.Tags[key] = value
	}
	running := echoservice.NewServer(
		&handler{name},
		server.WithListener(listener),
		server.WithServerBasicInfo(&rpcinfo.EndpointBasicInfo{ServiceName: service}),
		server.WithRegistry(registryOf(kind, address)),
		server.WithRegistryInfo(info),
		server.WithExitWaitTime(100*time.Millisecond),
		server.WithExitSignal(func() <-chan error { return make(chan error) }),
	)
	go func() {
		if err := running.Run(); err != nil {
			fail(err)
		}
	}()
	say(map[string]string{"address": utils.NewNetAddr("tcp", listener.Addr().String()).String()})
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
	}
	if err := running.Stop(); err != nil {
		fail(err)
	}
}

func call(kind, address, service string) {
	calling, err := echoservice.NewClient(service, client.WithResolver(resolverOf(kind, address)))
	if err != nil {
		fail(err)
	}
	say(map[string]string{"calling": service})
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		count, err := strconv.Atoi(strings.TrimSpace(input.Text()))
		if err != nil {
			fail(err)
		}
		counts := map[string]int{}
		for i := 0; i < count; i++ {
			answer, err := calling.Say(context.Background(), "who")
			if err != nil {
				counts["error: "+err.Error()]++
			} else {
				counts[answer.Text]++
			}
		}
		say(counts)
	}
}
