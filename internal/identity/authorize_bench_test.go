package identity

import (
	"fmt"
	"testing"
)

func BenchmarkFilter100000Objects(b *testing.B) {
	z := newTestAuthorizer(b)
	kinds := []string{"service", "component", "agreement", "contract", "person", "site", "demand", "risk"}
	objects := make([]Resource, 100_000)
	for i := range objects {
		objects[i] = Resource{
			Kind: kinds[i%len(kinds)], Name: fmt.Sprintf("o%d", i), Owner: fmt.Sprintf("person/p%d", i%300),
			Services:  []string{fmt.Sprintf("service/s%d", i%1000)},
			Customers: []string{fmt.Sprintf("customer/c%d", i%80)},
		}
	}
	for _, grant := range []string{"design-coordinator", "service-owner@service/s7", "customer-representative@customer/c2"} {
		actor := holding(grant)
		b.Run(grant, func(b *testing.B) {
			for b.Loop() {
				f, n := z.Filter(actor, ActionReadModel), 0
				for i := range objects {
					if f.Allows(&objects[i]) {
						n++
					}
				}
				if n == 0 {
					b.Fatal("nothing is visible")
				}
			}
		})
	}
}

func BenchmarkDecide(b *testing.B) {
	z := newTestAuthorizer(b)
	actor := holding("catalogue-manager")
	q := actor.ask(ActionPublish, &submitted)
	for b.Loop() {
		z.decide(q)
	}
}
