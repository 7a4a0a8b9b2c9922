package signon

import "strings"

// device says in a few words what a person signed on with, so that they know
// their sessions apart. What the browser claims about itself is not kept.
func device(agent string) string {
	return first(agent, "浏览器", browsers) + " · " + first(agent, "其他系统", systems)
}

// The order matters: most browsers claim to be several.
var browsers = [][2]string{
	{"Edg/", "Edge"},
	{"QQBrowser", "QQ 浏览器"},
	{"Qaxbrowser", "奇安信浏览器"},
	{"360SE", "360 浏览器"},
	{"360EE", "360 浏览器"},
	{"UOS", "统信浏览器"},
	{"MicroMessenger", "微信"},
	{"Firefox/", "Firefox"},
	{"Chrome/", "Chrome"},
	{"Safari/", "Safari"},
}

var systems = [][2]string{
	{"HarmonyOS", "鸿蒙"},
	{"OpenHarmony", "鸿蒙"},
	{"Android", "Android"},
	{"iPhone", "iPhone"},
	{"iPad", "iPad"},
	{"Windows", "Windows"},
	{"Macintosh", "macOS"},
	{"UOS", "统信"},
	{"Kylin", "麒麟"},
	{"Linux", "Linux"},
}

func first(agent, otherwise string, table [][2]string) string {
	for _, row := range table {
		if strings.Contains(agent, row[0]) {
			return row[1]
		}
	}
	return otherwise
}
