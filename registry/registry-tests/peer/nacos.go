package main

import (
	"net"
	"os"
	"path/filepath"
	"strconv"

	clients1 "github.com/nacos-group/nacos-sdk-go/clients"
	naming1 "github.com/nacos-group/nacos-sdk-go/clients/naming_client"
	constant1 "github.com/nacos-group/nacos-sdk-go/common/constant"
	clients2 "github.com/nacos-group/nacos-sdk-go/v2/clients"
	naming2 "github.com/nacos-group/nacos-sdk-go/v2/clients/naming_client"
	constant2 "github.com/nacos-group/nacos-sdk-go/v2/common/constant"
	vo2 "github.com/nacos-group/nacos-sdk-go/v2/vo"
	vo1 "github.com/nacos-group/nacos-sdk-go/vo"
)

// Where the clients of Nacos keep what they log and cache.
func files() string {
	return filepath.Join(os.TempDir(), "streamx-nacos-"+strconv.Itoa(os.Getpid()))
}

func hostAndPort(address string) (string, uint64) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		fail(err)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		fail(err)
	}
	return host, number
}

// nacos1 is the client of registry-nacos v0.1.2, which speaks HTTP.
func nacos1(address string) naming1.INamingClient {
	host, port := hostAndPort(address)
	made, err := clients1.NewNamingClient(vo1.NacosClientParam{
		ClientConfig:  &constant1.ClientConfig{NotLoadCacheAtStart: true, LogDir: files(), CacheDir: files()},
		ServerConfigs: []constant1.ServerConfig{*constant1.NewServerConfig(host, port)},
	})
	if err != nil {
		fail(err)
	}
	return made
}

// nacos2 is the client of registry-nacos v2.0.0, which speaks gRPC.
func nacos2(address string) naming2.INamingClient {
	host, port := hostAndPort(address)
	made, err := clients2.NewNamingClient(vo2.NacosClientParam{
		ClientConfig:  &constant2.ClientConfig{NotLoadCacheAtStart: true, LogDir: files(), CacheDir: files()},
		ServerConfigs: []constant2.ServerConfig{*constant2.NewServerConfig(host, port)},
	})
	if err != nil {
		fail(err)
	}
	return made
}
