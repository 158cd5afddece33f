package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"diapason/internal/cli"
	"diapason/internal/exchange/intake/intaketest"
)

type known struct {
	Rule    string
	Subject struct{ Ref string }
	Causes  []struct{ Ref string }
	Text    string
}

// findings imports sources and checks the model that they become.
func findings(t *testing.T, args ...string) []known {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "model")
	var out, errOut bytes.Buffer
	if err := cli.Run(context.Background(), append(append([]string{"import"}, args...), "-o", dir), nil, &out, &errOut); err != nil {
		t.Fatalf("%v\n%s", err, errOut.String())
	}
	out.Reset()
	err := cli.Run(context.Background(), []string{"check", dir, "--format", "json", "--on", "2027-03-12", "--no-cache"}, nil, &out, &errOut)
	if cli.Status(err) > cli.StatusFindings {
		t.Fatalf("%v\n%s", err, errOut.String())
	}
	var result struct{ Findings []known }
	if err := json.Unmarshal(out.Bytes(), &result); err != nil {
		t.Fatal(err)
	}
	return result.Findings
}

func ofRule(list []known, rule string) []known {
	return slices.DeleteFunc(slices.Clone(list), func(f known) bool { return f.Rule != rule })
}

func TestCheckOfRealDeployments(t *testing.T) {
	t.Run("what critical services of the OpenTelemetry demo need is rated too low", func(t *testing.T) {
		data := func(name string) string { return intaketest.Shared(t, "topologies/opentelemetry-demo/"+name) }
		list := findings(t, "compose", data("compose.yaml"), data("compose.full.yaml"), "--env", data("dot-env"))
		if len(ofRule(list, "COO-001")) > 0 {
			t.Errorf("dangling: %+v", ofRule(list, "COO-001"))
		}
		if !slices.ContainsFunc(ofRule(list, "COO-011"), func(f known) bool { return f.Subject.Ref == "component/flagd" && strings.Contains(f.Text, "checkout") }) {
			t.Errorf("COO-011 does not name flagd: %+v", ofRule(list, "COO-011"))
		}
	})
	t.Run("one address of Online Boutique leads nowhere", func(t *testing.T) {
		list := ofRule(findings(t, "kubernetes", intaketest.Shared(t, "topologies/online-boutique/kubernetes-manifests.yaml")), "COO-001")
		if len(list) != 1 || list[0].Subject.Ref != "component/frontend" || !strings.Contains(list[0].Text, "shoppingassistantservice") {
			t.Errorf("%+v", list)
		}
	})
	t.Run("services of Wikimedia in one data centre have a single point of failure", func(t *testing.T) {
		list := findings(t, "wikimedia", intaketest.Shared(t, "topologies/wikimedia/service.yaml"), intaketest.Shared(t, "topologies/wikimedia/conftool-data"))
		if len(ofRule(list, "COO-001")) > 0 || len(ofRule(list, "AVL-003")) > 0 {
			t.Errorf("%+v %+v", ofRule(list, "COO-001"), ofRule(list, "AVL-003"))
		}
		if !slices.ContainsFunc(ofRule(list, "AVL-001"), func(f known) bool { return strings.Contains(f.Text, "datahubsearch") }) {
			t.Errorf("AVL-001 does not name datahubsearch, which is in one data centre only")
		}
	})
}
