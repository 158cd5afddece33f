package cli

import (
	"io"
	"testing"
)

func TestEachVerbIsMadeByItsName(t *testing.T) {
	x := &terminal{out: io.Discard, err: io.Discard, lang: "en"}
	for _, v := range verbs {
		if got := v.command(x).Name(); got != v.name {
			t.Errorf("%s makes the command %s", v.name, got)
		}
		if root := x.root([]string{"--lang", "fr", v.name, "-x"}); len(root.Commands()) != 1 {
			t.Errorf("%s: %d commands are made where one is called", v.name, len(root.Commands()))
		}
	}
	for _, args := range [][]string{nil, {"--help"}, {"help", "check"}, {"chekc"}, {"--lang", "fr"}} {
		if n := len(x.root(args).Commands()); n < len(verbs) {
			t.Errorf("%v: %d commands", args, n)
		}
	}
}
