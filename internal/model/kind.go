package model

import (
	"reflect"
	"strings"
)

// Kind is one of the closed list of kinds of object.
type Kind struct {
	Name   string // as written after "kind:", "RecoveryPlan"
	Slug   string // in references and addresses, "recovery-plan"
	P      FourP  // which P it belongs to, or facts or organisation
	Label  Text   // singular
	Plural Text
	Help   Text
	Fields []*Field // fields of spec, in the order people read them

	id  int
	typ reflect.Type // struct type of spec
}

// Kinds is the closed list, in reading order.
var Kinds = []*Kind{
	kind[Person](People, "Person", "Person|Personne", "People|Personnes", "Somebody who uses, runs, supports or manages services.|Quelqu'un qui utilise, exploite, soutient ou pilote des services."),
	kind[Team](People, "Team", "Team|Équipe", "Teams|Équipes", "People who support or operate together, with their hours and on-call rotas.|Des personnes qui soutiennent ou exploitent ensemble, avec leurs plages et leurs astreintes."),
	kind[UserGroup](People, "UserGroup", "User group|Groupe d'utilisateurs", "User groups|Groupes d'utilisateurs", "Users who share the same needs.|Des utilisateurs aux besoins communs."),
	kind[Customer](People, "Customer", "Customer|Client", "Customers|Clients", "Who agrees service levels and receives services.|Qui convient des niveaux de service et reçoit les services."),
	kind[RoleAssignment](People, "RoleAssignment", "Role assignment|Attribution de rôle", "Role assignments|Attributions de rôle", "Who holds a role, and who stands in.|Qui tient un rôle, et qui le supplée."),
	kind[Skill](People, "Skill", "Skill|Compétence", "Skills|Compétences", "Something a person can do.|Ce qu'une personne sait faire."),
	kind[Process](Processes, "Process", "Process|Processus", "Processes|Processus", "A way of working: activities and who answers for them.|Une manière de travailler : activités et responsabilités."),
	kind[Policy](Processes, "Policy", "Policy|Politique", "Policies|Politiques", "A rule the organisation gives itself.|Une règle que l'organisation se donne."),
	kind[Calendar](Processes, "Calendar", "Calendar|Calendrier", "Calendars|Calendriers", "Hours in a time zone, with holidays.|Des heures dans un fuseau, avec les jours fériés."),
	kind[BusinessActivity](Processes, "BusinessActivity", "Business activity|Activité métier", "Business activities|Activités métier", "What the organisation does, and what its interruption would cost.|Ce que fait l'organisation, et ce que coûterait son interruption."),
	kind[Requirement](Processes, "Requirement", "Requirement|Exigence", "Requirements|Exigences", "A need of a customer or of the business (SLR).|Un besoin d'un client ou du métier (SLR)."),
	kind[Agreement](Processes, "Agreement", "Agreement|Accord", "Agreements|Accords", "A promise to a customer (SLA) or from an internal team (OLA).|Un engagement envers un client (SLA) ou d'une équipe interne (OLA)."),
	kind[RecoveryPlan](Processes, "RecoveryPlan", "Recovery plan|Plan de continuité", "Recovery plans|Plans de continuité", "What to do in a loss scenario (PCA, PRA).|Quoi faire dans un scénario de perte (PCA, PRA)."),
	kind[Exercise](Processes, "Exercise", "Exercise|Exercice", "Exercises|Exercices", "A test of a recovery plan with measured times.|Un essai d'un plan de continuité, avec les temps constatés."),
	kind[Review](Processes, "Review", "Review|Revue", "Reviews|Revues", "A meeting with minutes and actions.|Une réunion, son compte rendu et ses actions."),
	kind[Action](Processes, "Action", "Action|Action", "Actions|Actions", "Something decided that somebody has to do.|Une décision que quelqu'un doit exécuter."),
	kind[Risk](Processes, "Risk", "Risk|Risque", "Risks|Risques", "A threat, its rating and its treatment.|Une menace, sa cotation et son traitement."),
	kind[Control](Processes, "Control", "Control|Mesure de sécurité", "Controls|Mesures de sécurité", "A security measure and the evidence that it works.|Une mesure de sécurité et la preuve qu'elle fonctionne."),
	kind[Service](Products, "Service", "Service|Service", "Services|Services", "What gives value to customers, or supports other services.|Ce qui apporte de la valeur aux clients, ou soutient d'autres services."),
	kind[Offering](Products, "Offering", "Offering|Offre", "Offerings|Offres", "One way a service is offered: level, price, audience.|Une manière de proposer un service : niveau, prix, public."),
	kind[Component](Products, "Component", "Component|Composant", "Components|Composants", "A part from which services are built.|Un élément dont les services sont faits."),
	kind[Site](Products, "Site", "Site|Site", "Sites|Sites", "A place where components, people or suppliers work.|Un lieu où se trouvent composants, personnes ou fournisseurs."),
	kind[Tool](Products, "Tool", "Tool|Outil", "Tools|Outils", "A product people use to run services.|Un produit utilisé pour faire vivre les services."),
	kind[DataAsset](Products, "DataAsset", "Data asset|Actif de données", "Data assets|Actifs de données", "A set of data with needs of its own.|Un ensemble de données avec ses besoins propres."),
	kind[Document](Products, "Document", "Document|Document", "Documents|Documents", "A document kept here or referred to.|Un document conservé ici ou référencé."),
	kind[Certification](Products, "Certification", "Certification|Certification", "Certifications|Certifications", "A certificate: who holds it, what it covers, until when.|Un certificat : son titulaire, ce qu'il couvre, son échéance."),
	kind[Supplier](Partners, "Supplier", "Supplier|Fournisseur", "Suppliers|Fournisseurs", "A provider, subcontractor or outside expert.|Un prestataire, sous-traitant ou expert externe."),
	kind[Contract](Partners, "Contract", "Contract|Contrat", "Contracts|Contrats", "An underpinning contract: what it covers, promises and costs.|Un contrat de sous-traitance : ce qu'il couvre, promet et coûte."),
	kind[Outage](Facts, "Outage", "Outage|Interruption", "Outages|Interruptions", "An interruption that happened.|Une interruption survenue."),
	kind[Maintenance](Facts, "Maintenance", "Maintenance|Maintenance", "Maintenance|Maintenances", "Planned work.|Une intervention planifiée."),
	kind[CaseFigures](Facts, "CaseFigures", "Measured figures|Chiffres constatés", "Measured figures|Chiffres constatés", "What was delivered against a target over a period.|Ce qui a été délivré au regard d'un objectif sur une période."),
	kind[Demand](Facts, "Demand", "Demand|Demande", "Demands|Demandes", "How much of a service is asked for, now and later.|Combien d'un service est demandé, aujourd'hui et demain."),
	kind[MeasurementSource](Facts, "MeasurementSource", "Measurement source|Source de mesure", "Measurement sources|Sources de mesure", "Where measures come from.|D'où viennent les mesures."),
	kind[Waiver](Facts, "Waiver", "Waiver|Dérogation", "Waivers|Dérogations", "A signed, dated acceptance of one finding and its causes.|L'acceptation signée et datée d'un constat et de ses causes."),
	kind[Decision](Facts, "Decision", "Decision|Décision", "Decisions|Décisions", "A decision on a service: submission, publication, refusal.|Une décision sur un service : soumission, publication, refus."),
	kind[Organisation](OrgWide, "Organisation", "Organisation|Organisation", "Organisation|Organisation", "Settings of the whole organisation.|Les réglages de toute l'organisation."),
}

var (
	kindByWord = map[string]*Kind{}
	kindByType = map[reflect.Type]*Kind{}
)

func init() {
	for i, k := range Kinds {
		k.id = i
		kindByWord[strings.ToLower(k.Name)] = k
		kindByWord[k.Slug] = k
		kindByType[k.typ] = k
	}
}

func kind[T any](p FourP, name, label, plural, help string) *Kind {
	k := &Kind{Name: name, Slug: slugOf(name), P: p, Label: both(label), Plural: both(plural), Help: both(help), typ: reflect.TypeFor[T]()}
	k.Fields = fieldsOf(k.typ)
	return k
}

func slugOf(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('-')
			}
			r += 32
		}
		b.WriteRune(r)
	}
	return b.String()
}

// KindOf finds a kind by its slug or its name in any case; nil when there is none.
func KindOf(word string) *Kind { return kindByWord[strings.ToLower(word)] }

// Slugs lists the slugs of all kinds.
func Slugs() []string {
	out := make([]string, len(Kinds))
	for i, k := range Kinds {
		out[i] = k.Slug
	}
	return out
}

// New returns a new empty spec of the kind: a pointer to its Go struct.
func (k *Kind) New() any { return reflect.New(k.typ).Interface() }

// ID is the kind's index in Kinds.
func (k *Kind) ID() int { return k.id }
