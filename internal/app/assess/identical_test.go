package assess

import "testing"

// Groups that come to be identical, and cease to be, are told where a full evaluation
// tells them: at their holder where one alone has them, at what they share otherwise.
func TestDeltaFollowsIdenticalAlternatives(t *testing.T) {
	deltaFollows(t, map[string][]string{
		"organisation/o": {"{zone: UTC}", "{zone: UTC, defaults: [{class: product, availability: 99%}]}"},
		"service/s":      {"{stage: live, requires: [{anyOf: [component/a, component/b]}]}", "{stage: live, requires: [component/x]}", "{stage: design, requires: [{anyOf: [component/a, component/b]}]}"},
		"service/t":      {"{stage: live, criticality: high, requires: [{anyOf: [component/b, component/a]}]}", "{stage: live, requires: [{anyOf: [component/a, component/b, component/c]}]}", ""},
		"component/x":    {"{requires: [{anyOf: [component/a, component/b]}]}", "{requires: [{atLeast: 2, of: [component/a, component/b, component/c]}]}", ""},
		"component/a":    {"{availability: 99%, site: room, product: P, version: '1'}", "{availability: 99%, site: other}"},
		"component/b":    {"{availability: 99%, site: room, product: P, version: '1'}", "{availability: 99%, requires: [component/c], product: P, version: '2'}"},
		"component/c":    {"{availability: 99%, site: room}", "{availability: 99%, site: other, product: P, version: '1'}"},
		"site/room":      {"{availability: 99.9%}", "{}", ""},
		"site/other":     {"{}"},
		"agreement/sla":  {"{type: sla, services: [service/t], start: 2026-01-01, targets: [{name: up, availability: 99.5%}]}", ""},
	})
}
