package model

import "reflect"

// Choice is one value of a closed list, with its label.
type Choice struct {
	Value string `json:"value"`
	Label Text   `json:"label"`
}

func c(value, en, fr string) Choice { return Choice{value, T(en, fr)} }

// Stage is where a service stands in its life; it is decided and stored.
type Stage string

// The stages, in the order of a service's life.
const (
	StageRequirement Stage = "requirement"
	StageDesign      Stage = "design"
	StageBuild       Stage = "build"
	StageTransition  Stage = "transition"
	StageLive        Stage = "live"
	StageRetiring    Stage = "retiring"
	StageRetired     Stage = "retired"
)

// Stages lists the stages in order.
var Stages = []Choice{
	c("requirement", "Requirement", "Exigence"), c("design", "Design", "Conception"), c("build", "Build", "Réalisation"),
	c("transition", "Transition", "Transition"), c("live", "Live", "En service"), c("retiring", "Retiring", "En retrait"), c("retired", "Retired", "Retiré"),
}

// Rank is the position of a stage in a service's life, -1 when unknown.
func (s Stage) Rank() int {
	for i, x := range Stages {
		if x.Value == string(s) {
			return i
		}
	}
	return -1
}

// Criticality is how much depends on an object.
type Criticality string

// The criticalities, rising.
const (
	CriticalityLow      Criticality = "low"
	CriticalityMedium   Criticality = "medium"
	CriticalityHigh     Criticality = "high"
	CriticalityCritical Criticality = "critical"
)

var criticalities = []Choice{c("low", "Low", "Faible"), c("medium", "Medium", "Moyenne"), c("high", "High", "Élevée"), c("critical", "Critical", "Critique")}

// Rank is 1 (low) to 4 (critical), 0 when not stated.
func (x Criticality) Rank() int {
	for i, ch := range criticalities {
		if ch.Value == string(x) {
			return i + 1
		}
	}
	return 0
}

// Phase is when a dependency counts.
type Phase string

// The phases of a dependency.
const (
	PhaseRun   Phase = "run"
	PhaseStart Phase = "start"
)

// Pillar is one of the five pillars of security.
type Pillar string

// The five pillars, in the order of the mission.
const (
	PillarAvailability    Pillar = "availability"
	PillarConfidentiality Pillar = "confidentiality"
	PillarIntegrity       Pillar = "integrity"
	PillarAuthenticity    Pillar = "authenticity"
	PillarNonRepudiation  Pillar = "non-repudiation"
)

// Pillars lists the five pillars in order.
var Pillars = []Choice{
	c("availability", "Availability", "Disponibilité"), c("confidentiality", "Confidentiality", "Confidentialité"), c("integrity", "Integrity", "Intégrité"),
	c("authenticity", "Authenticity", "Authenticité"), c("non-repudiation", "Non-repudiation", "Non-répudiation"),
}

// FourP is one of the four Ps of service design.
type FourP string

// The four Ps.
const (
	People    FourP = "people"
	Processes FourP = "processes"
	Products  FourP = "products"
	Partners  FourP = "partners"
	// Facts and Organisation group the kinds that belong to none of the four Ps.
	Facts   FourP = "facts"
	OrgWide FourP = "organisation"
)

// FourPs lists the four Ps in order.
var FourPs = []Choice{c("people", "People", "Personnes"), c("processes", "Processes", "Processus"), c("products", "Products", "Produits"), c("partners", "Partners", "Partenaires")}

// Metric is what a target measures.
type Metric string

// The metrics of targets.
const (
	MetricAvailability  Metric = "availability"
	MetricRespond       Metric = "time-to-respond"
	MetricRestore       Metric = "time-to-restore"
	MetricResponseTime  Metric = "response-time"
	MetricThroughput    Metric = "throughput"
	MetricRecoveryTime  Metric = "recovery-time"
	MetricRecoveryPoint Metric = "recovery-point"
	MetricRatio         Metric = "ratio"
	MetricThreshold     Metric = "threshold"
)

// RoleName is a role of service design that carries rights and approvals.
type RoleName string

// Roles lists the roles.
var Roles = []Choice{
	c("service-owner", "Service owner", "Propriétaire du service"), c("design-coordinator", "Service design coordinator", "Coordinateur de la conception"),
	c("catalogue-manager", "Service catalogue manager", "Gestionnaire du catalogue"), c("service-level-manager", "Service level manager", "Responsable des niveaux de service"),
	c("availability-manager", "Availability manager", "Gestionnaire de la disponibilité"), c("capacity-manager", "Capacity manager", "Gestionnaire de la capacité"),
	c("continuity-manager", "Service continuity manager", "Responsable de la continuité"), c("security-manager", "Information security manager", "RSSI"),
	c("supplier-manager", "Supplier manager", "Responsable fournisseurs"), c("customer-representative", "Customer representative", "Représentant du client"),
	c("supplier-contact", "Supplier contact", "Contact fournisseur"), c("auditor", "Auditor", "Auditeur"), c("administrator", "Administrator", "Administrateur"),
}

// Section is one section of the service design package.
type Section string

// Sections lists the sections of the service design package, in order
// (restated from ITIL Service Design, appendix A).
var Sections = []Choice{
	c("business-requirements", "Business requirements", "Exigences métier"),
	c("applicability", "Service applicability", "Périmètre d'emploi du service"),
	c("contacts", "Service contacts", "Contacts du service"),
	c("functional-requirements", "Functional requirements", "Exigences fonctionnelles (cahier des charges)"),
	c("service-level-requirements", "Service level requirements", "Exigences de niveau de service (SLR/SLA)"),
	c("operational-requirements", "Operational management requirements", "Exigences d'exploitation et de pilotage"),
	c("topology", "Service design and topology", "Conception et topologie du service"),
	c("readiness", "Organisational readiness", "Préparation de l'organisation"),
	c("programme", "Service programme", "Programme du service"),
	c("transition-plan", "Transition plan", "Plan de transition"),
	c("operational-acceptance", "Operational acceptance plan", "Plan d'acceptation opérationnelle"),
	c("acceptance-criteria", "Service acceptance criteria", "Critères d'acceptation du service"),
}

// LossScenario is what a continuity plan is written against.
type LossScenario string

// LossScenarios is the closed list of loss scenarios.
var LossScenarios = []Choice{
	c("site", "Loss of a site", "Perte d'un site"), c("people", "Loss of people", "Perte de personnel"), c("supplier", "Loss of a supplier", "Perte d'un fournisseur"),
	c("information-system", "Loss of the information system", "Perte du système d'information"), c("component", "Loss of a critical component", "Perte d'un composant critique"),
	c("data", "Loss of data (cyber attack)", "Perte de données (cyberattaque)"), c("energy", "Loss of energy", "Perte d'énergie"), c("telecommunications", "Loss of telecommunications", "Perte des télécommunications"),
}

// RuleSeverity is the severity of a finding in a profile.
type RuleSeverity string

var choicesOf = map[reflect.Type][]Choice{
	reflect.TypeFor[Stage]():        Stages,
	reflect.TypeFor[Criticality]():  criticalities,
	reflect.TypeFor[Phase]():        {c("run", "To run", "Pour fonctionner"), c("start", "To start", "Pour démarrer")},
	reflect.TypeFor[Pillar]():       Pillars,
	reflect.TypeFor[FourP]():        FourPs,
	reflect.TypeFor[RoleName]():     Roles,
	reflect.TypeFor[Section]():      Sections,
	reflect.TypeFor[LossScenario](): LossScenarios,
	reflect.TypeFor[RuleSeverity](): {c("error", "Error", "Erreur"), c("warning", "Warning", "Avertissement"), c("info", "Information", "Information"), c("off", "Off", "Désactivée")},
	reflect.TypeFor[Metric](): {
		c("availability", "Availability", "Disponibilité"), c("time-to-respond", "Time to respond (GTI)", "Temps d'intervention (GTI)"), c("time-to-restore", "Time to restore (GTR)", "Temps de rétablissement (GTR)"),
		c("response-time", "Response time", "Temps de réponse"), c("throughput", "Throughput", "Débit"), c("recovery-time", "Recovery time (RTO)", "Temps de reprise (RTO)"),
		c("recovery-point", "Recovery point (RPO)", "Point de reprise (RPO)"), c("ratio", "Ratio", "Ratio"), c("threshold", "Threshold", "Seuil"),
	},
}

// ChoiceLabel is the label of a value of one of the closed lists.
func ChoiceLabel(v any) (Text, bool) {
	value := reflect.ValueOf(v)
	list, ok := choicesOf[value.Type()]
	if !ok {
		return Text{}, false
	}
	for _, ch := range list {
		if ch.Value == value.String() {
			return ch.Label, true
		}
	}
	return Text{All: value.String()}, true
}
