package model

// Service is a means of giving value to customers, or supporting other services.
type Service struct {
	Facing         string       `json:"facing,omitempty,omitzero" mat:"y" req:"y" enum:"customer=Customer-facing|Client;supporting=Supporting|Support" l:"Type|Type" h:"A customer-facing service is shown in the catalogue; a supporting one serves other services.|Un service client figure au catalogue ; un service support sert d'autres services."`
	Family         string       `json:"family,omitempty,omitzero" l:"Family in the catalogue|Famille du catalogue"`
	Stage          Stage        `json:"stage,omitempty,omitzero" mat:"y" req:"y" l:"Stage|Étape"`
	Criticality    Criticality  `json:"criticality,omitempty,omitzero" mat:"y" req:"y" l:"Criticality|Criticité"`
	Vital          bool         `json:"vital,omitempty,omitzero" l:"Vital business function|Fonction métier vitale"`
	AvailableFrom  Date         `json:"availableFrom,omitempty,omitzero" mat:"y" l:"Available from|Disponible à partir du"`
	RetiresOn      Date         `json:"retiresOn,omitempty,omitzero" mat:"y" l:"Retires on|Retrait le"`
	ReplacedBy     Ref          `json:"replacedBy,omitempty,omitzero" ref:"service" l:"Replaced by|Remplacé par"`
	MigrateBy      Date         `json:"migrateBy,omitempty,omitzero" l:"Users migrate by|Migration des utilisateurs avant le"`
	Serves         []string     `json:"serves,omitempty,omitzero" l:"Objectives served|Objectifs servis" h:"Names of the organisation's objectives.|Noms d'objectifs de l'organisation."`
	Users          []Ref        `json:"users,omitempty,omitzero" ref:"user-group" flow:"both" mat:"y" l:"Users|Utilisateurs"`
	Processes      []Ref        `json:"processes,omitempty,omitzero" ref:"process" mat:"y" l:"Processes that run it|Processus qui le font vivre"`
	Support        []Ref        `json:"support,omitempty,omitzero" ref:"team,contract" mat:"y" l:"Supported by|Soutenu par"`
	Suppliers      []Ref        `json:"suppliers,omitempty,omitzero" ref:"supplier,contract" mat:"y" l:"Partners|Partenaires"`
	Tools          []Ref        `json:"tools,omitempty,omitzero" ref:"tool" l:"Tools|Outils"`
	Data           []Ref        `json:"data,omitempty,omitzero" ref:"data-asset" mat:"y" flow:"both" l:"Data used|Données utilisées"`
	Requires       []Need       `json:"requires,omitempty,omitzero" mat:"y" edge:"structure" l:"Requires|Requiert"`
	Degrades       []Ref        `json:"degrades,omitempty,omitzero" ref:"service,component,site,supplier,team,person,tool,data-asset" mat:"y" l:"Only degraded without|Seulement dégradé sans" h:"What makes the service worse but not unavailable; never counted in availability.|Ce dont l'absence dégrade le service sans l'arrêter ; jamais compté dans la disponibilité."`
	None           []NoneOf     `json:"none,omitempty,omitzero" l:"Empty on purpose|Vide à dessein" h:"A P that this service really does not have, and why.|Un P que ce service n'a réellement pas, et pourquoi."`
	Sheet          Sheet        `json:"sheet,omitempty,omitzero" mat:"y" l:"Catalogue sheet|Fiche du catalogue"`
	Sections       []SDPSection `json:"sections,omitempty,omitzero" l:"Service design package|Dossier de conception" h:"Sections that no other object proves, and those declared not needed.|Sections qu'aucun autre objet ne prouve, et celles déclarées sans objet."`
	Tests          []TestPlan   `json:"tests,omitempty,omitzero" l:"Tests of the transition|Essais de la transition"`
	Acceptance     []Criterion  `json:"acceptance,omitempty,omitzero" l:"Acceptance criteria|Critères d'acceptation"`
	Security       Ratings      `json:"security,omitempty,omitzero" mat:"y" l:"Security required|Sécurité exigée"`
	Access         Access       `json:"access,omitempty,omitzero" l:"Access rights|Habilitations"`
	Capacity       []Capacity   `json:"capacity,omitempty,omitzero" mat:"y" l:"Capacity of the service|Capacité du service"`
	Continuity     Continuity   `json:"continuity,omitempty,omitzero" mat:"y" l:"Continuity|Continuité"`
	Restore        Restore      `json:"restore,omitempty,omitzero" mat:"y" l:"Restored by|Rétabli par"`
	Work           []Load       `json:"work,omitempty,omitzero" l:"Work a week|Travail hebdomadaire"`
	Certifications []string     `json:"certifications,omitempty,omitzero" l:"Certifications required|Certifications exigées" h:"Schemes such as HDS or ISO 27001 that whoever hosts or runs the service must hold.|Référentiels (HDS, ISO 27001…) exigés de qui héberge ou exploite le service."`
}

// NoneOf declares that a P of a service is empty on purpose.
type NoneOf struct {
	P       FourP `json:"p,omitempty,omitzero" l:"P|P"`
	Because Text  `json:"because,omitempty,omitzero" l:"Because|Parce que"`
}

// Sheet is what customers read about a service in the catalogue.
type Sheet struct {
	Summary      Text   `json:"summary,omitempty,omitzero" l:"Summary|Résumé"`
	Includes     []Text `json:"includes,omitempty,omitzero" l:"What you get|Ce que vous obtenez"`
	ForWhom      Text   `json:"forWhom,omitempty,omitzero" l:"For whom|Pour qui"`
	Hours        Ref    `json:"hours,omitempty,omitzero" ref:"calendar" l:"Hours|Horaires"`
	HowToRequest Text   `json:"howToRequest,omitempty,omitzero" l:"How to request|Comment en bénéficier"`
	Contact      Text   `json:"contact,omitempty,omitzero" l:"Support contact|Contact du support"`
	Price        Text   `json:"price,omitempty,omitzero" l:"Price|Prix"`
	Free         bool   `json:"free,omitempty,omitzero" l:"Free of charge|Gratuit"`
	Levels       Text   `json:"levels,omitempty,omitzero" l:"Levels in the customer's words|Niveaux, dans les mots du client"`
	Audience     string `json:"audience,omitempty,omitzero" enum:"everyone=Everyone signed in|Toute personne connectée;customers=Its customers|Ses clients;public=Public|Public" l:"Audience|Audience"`
	Pictogram    string `json:"pictogram,omitempty,omitzero" l:"Pictogram|Pictogramme"`
}

// SDPSection is a section of the service design package: documented, or not needed.
type SDPSection struct {
	Name       Section `json:"name,omitempty,omitzero" l:"Section|Section"`
	Document   Ref     `json:"document,omitempty,omitzero" ref:"document" l:"Document|Document"`
	Text       Text    `json:"text,omitempty,omitzero" l:"Text|Texte"`
	NotNeeded  Text    `json:"notNeeded,omitempty,omitzero" l:"Not needed, because|Sans objet, parce que"`
	ApprovedBy Ref     `json:"approvedBy,omitempty,omitzero" ref:"person" l:"Approved by|Approuvée par"`
	ApprovedOn Date    `json:"approvedOn,omitempty,omitzero" l:"Approved on|Approuvée le"`
	Author     Ref     `json:"author,omitempty,omitzero" ref:"person" l:"Author|Auteur"`
	Pins       []Pin   `json:"pins,omitempty,omitzero" l:"Versions it rests on|Versions sur lesquelles elle repose" h:"What the section describes, as it was when the section was approved.|Ce que la section décrit, tel qu'au moment de son approbation."`
}

// TestPlan is one kind of test of the transition plan.
type TestPlan struct {
	Name      string `json:"name,omitempty,omitzero" enum:"functional=Functional|Fonctionnel;component=Component|Composants;acceptance=User acceptance|Recette utilisateur;compatibility=Compatibility and integration|Compatibilité et intégration;performance=Performance and capacity|Performance et capacité;resilience=Resilience and continuity|Résilience et continuité;events=Failure, alarm and event handling|Pannes, alarmes et événements;security=Security and integrity|Sécurité et intégrité;logistics=Release and distribution|Livraison et distribution;management=Management and operation|Exploitation et pilotage" l:"Kind of test|Nature de l'essai"`
	Planned   Date   `json:"planned,omitempty,omitzero" l:"Planned on|Prévu le"`
	Passed    Date   `json:"passed,omitempty,omitzero" l:"Passed on|Réussi le"`
	Exercise  Ref    `json:"exercise,omitempty,omitzero" ref:"exercise" l:"Continuity exercise|Exercice de continuité"`
	NotNeeded Text   `json:"notNeeded,omitempty,omitzero" l:"Not needed, because|Sans objet, parce que"`
}

// Criterion is an acceptance criterion.
type Criterion struct {
	Name     string `json:"name,omitempty,omitzero" l:"Name|Nom"`
	Text     Text   `json:"text,omitempty,omitzero" l:"Criterion|Critère"`
	Verifier Ref    `json:"verifier,omitempty,omitzero" ref:"person,team" l:"Verified by|Vérifié par"`
	Met      Date   `json:"met,omitempty,omitzero" l:"Met on|Satisfait le"`
	Optional bool   `json:"optional,omitempty,omitzero" l:"Optional|Facultatif"`
}

// Ratings are levels 0 to 4 on the five pillars of security.
type Ratings struct {
	Availability    *int `json:"availability,omitempty,omitzero" l:"Availability|Disponibilité"`
	Confidentiality *int `json:"confidentiality,omitempty,omitzero" l:"Confidentiality|Confidentialité"`
	Integrity       *int `json:"integrity,omitempty,omitzero" l:"Integrity|Intégrité"`
	Authenticity    *int `json:"authenticity,omitempty,omitzero" l:"Authenticity|Authenticité"`
	NonRepudiation  *int `json:"nonRepudiation,omitempty,omitzero" l:"Non-repudiation|Non-répudiation"`
}

// Of gives the level of a pillar, nil when not rated.
func (r Ratings) Of(p Pillar) *int {
	switch p {
	case PillarAvailability:
		return r.Availability
	case PillarConfidentiality:
		return r.Confidentiality
	case PillarIntegrity:
		return r.Integrity
	case PillarAuthenticity:
		return r.Authenticity
	case PillarNonRepudiation:
		return r.NonRepudiation
	}
	return nil
}

// Access describes who may use or administer a service, and its review.
type Access struct {
	Described      Ref     `json:"described,omitempty,omitzero" ref:"document,policy" l:"Described in|Décrites dans"`
	ReviewInterval Period  `json:"reviewInterval,omitempty,omitzero" l:"Review every|Revue tous les"`
	LastReview     Date    `json:"lastReview,omitempty,omitzero" l:"Last review|Dernière revue"`
	Rights         []Right `json:"rights,omitempty,omitzero" l:"Rights held|Droits détenus"`
}

// Right is an access right somebody holds.
type Right struct {
	Name   string   `json:"name,omitempty,omitzero" l:"Right|Droit"`
	Holder Ref      `json:"holder,omitempty,omitzero" ref:"person,team,user-group" l:"Holder|Titulaire"`
	Role   RoleName `json:"role,omitempty,omitzero" l:"Through the role|Au titre du rôle"`
	Team   Ref      `json:"team,omitempty,omitzero" ref:"team" l:"Through the team|Au titre de l'équipe"`
}

// Capacity is what a service or a component can carry of something counted.
type Capacity struct {
	Name       string    `json:"name,omitempty,omitzero" l:"Resource|Ressource" h:"What is counted: CPU, memory, consultations a day, sessions…|Ce qui est compté : CPU, mémoire, consultations par jour, sessions…"`
	Title      Text      `json:"title,omitempty,omitzero" l:"Title|Intitulé" h:"How people call the resource, where the name is a technical one.|Comment on appelle la ressource, si son nom est technique."`
	Limit      Quantity  `json:"limit,omitempty,omitzero" mat:"y" l:"Limit|Limite"`
	Used       *Quantity `json:"used,omitempty,omitzero" l:"In use now|Utilisé aujourd'hui"`
	MeasuredOn Date      `json:"measuredOn,omitempty,omitzero" l:"Measured on|Mesuré le"`
	Tested     *Quantity `json:"tested,omitempty,omitzero" l:"Tested limit|Limite éprouvée"`
	TestedOn   Date      `json:"testedOn,omitempty,omitzero" l:"Tested on|Éprouvée le"`
	Threshold  *Percent  `json:"threshold,omitempty,omitzero" l:"Warning threshold|Seuil d'alerte"`
	Growth     *Percent  `json:"growth,omitempty,omitzero" l:"Growth a year|Croissance annuelle"`
}

// Continuity is what continuity asks of a service.
type Continuity struct {
	RTO  Duration  `json:"rto,omitempty,omitzero" mat:"y" l:"RTO|RTO"`
	RPO  *Duration `json:"rpo,omitempty,omitzero" mat:"y" l:"RPO|RPO"`
	MBCO Text      `json:"mbco,omitempty,omitzero" l:"Minimum level in degraded mode (MBCO)|Niveau minimal en mode dégradé (OMCA)"`
}

// Restore says who can put something back in service and how.
type Restore struct {
	By     []Ref  `json:"by,omitempty,omitzero" ref:"team,contract" mat:"y" l:"By|Par"`
	Skills []Ref  `json:"skills,omitempty,omitzero" ref:"skill" mat:"y" l:"Skills needed|Compétences nécessaires"`
	Steps  []Step `json:"steps,omitempty,omitzero" mat:"y" l:"Steps|Étapes"`
}

// Step is a step of a restoration or a recovery plan.
type Step struct {
	Name     string   `json:"name,omitempty,omitzero" l:"Name|Nom"`
	Title    Text     `json:"title,omitempty,omitzero" l:"What is done|Ce qui est fait"`
	Duration Duration `json:"duration,omitempty,omitzero" mat:"y" l:"Duration|Durée"`
	After    []string `json:"after,omitempty,omitzero" mat:"y" l:"After|Après"`
	By       []Ref    `json:"by,omitempty,omitzero" ref:"person,team,contract" mat:"y" l:"By|Par"`
	Skills   []Ref    `json:"skills,omitempty,omitzero" ref:"skill" mat:"y" l:"Skills|Compétences"`
	People   int      `json:"people,omitempty,omitzero" l:"People needed|Personnes nécessaires"`
	Means    []Ref    `json:"means,omitempty,omitzero" ref:"site,component,tool,document" mat:"y" l:"Means|Moyens"`
	Restores []Ref    `json:"restores,omitempty,omitzero" ref:"service,component,data-asset" l:"Brings back|Remet en service"`
}

// Offering is one way a service is offered: level, price, audience.
type Offering struct {
	Service   Ref    `json:"service,omitempty,omitzero" ref:"service" flow:"both" mat:"y" req:"y" l:"Service|Service"`
	Level     Text   `json:"level,omitempty,omitzero" l:"Level|Niveau"`
	Hours     Ref    `json:"hours,omitempty,omitzero" ref:"calendar" mat:"y" l:"Hours|Horaires"`
	Price     *Money `json:"price,omitempty,omitzero" mat:"y" l:"Price|Prix"`
	Audience  []Ref  `json:"audience,omitempty,omitzero" ref:"customer,user-group" l:"Audience|Audience"`
	Agreement Ref    `json:"agreement,omitempty,omitzero" ref:"agreement" l:"Agreement that applies|Accord applicable"`
	From      Date   `json:"from,omitempty,omitzero" l:"From|À partir du"`
	Until     Date   `json:"until,omitempty,omitzero" l:"Until|Jusqu'au"`
}

// Component is a part from which services are built: machine, software, network,
// energy supply, function.
type Component struct {
	Class        string        `json:"class,omitempty,omitzero" mat:"y" enum:"server=Server|Serveur;virtual-machine=Virtual machine|Machine virtuelle;container=Container|Conteneur;database=Database|Base de données;application=Application|Application;software=Software|Logiciel;network=Network|Réseau;storage=Storage|Stockage;power=Power supply|Alimentation électrique;cooling=Cooling|Climatisation;telecom=Telecommunications|Télécommunications;workstation=Workstation|Poste de travail;device=Device|Équipement;cloud=Cloud service|Service en nuage;queue=Message queue|File de messages;cache=Cache|Cache;other=Other|Autre" l:"Class|Classe"`
	Criticality  Criticality   `json:"criticality,omitempty,omitzero" l:"Criticality|Criticité"`
	Site         Ref           `json:"site,omitempty,omitzero" ref:"site" mat:"y" edge:"structure" l:"Site|Site"`
	Supplier     Ref           `json:"supplier,omitempty,omitzero" ref:"supplier" mat:"y" edge:"structure" l:"Supplier|Fournisseur" h:"Who provides it when it is external.|Qui le fournit lorsqu'il est externe."`
	External     bool          `json:"external,omitempty,omitzero" mat:"y" l:"External|Externe" h:"Run by somebody else: a contract must stand behind it.|Exploité par un tiers : un contrat doit le couvrir."`
	Version      string        `json:"version,omitempty,omitzero" l:"Version|Version"`
	Product      string        `json:"product,omitempty,omitzero" l:"Product|Produit" h:"Software or hardware product; with its version, it is a common cause of all that runs it.|Produit logiciel ou matériel ; avec sa version, il est une cause commune à tout ce qui l'exécute."`
	Tool         Ref           `json:"tool,omitempty,omitzero" ref:"tool" l:"Tool|Outil"`
	Requires     []Need        `json:"requires,omitempty,omitzero" mat:"y" edge:"structure" l:"Requires|Requiert"`
	Degrades     []Ref         `json:"degrades,omitempty,omitzero" ref:"service,component,site,supplier,team,person,tool,data-asset" l:"Only degraded without|Seulement dégradé sans"`
	Data         []Ref         `json:"data,omitempty,omitzero" ref:"data-asset" mat:"y" flow:"both" l:"Data held|Données hébergées"`
	MTBF         Duration      `json:"mtbf,omitempty,omitzero" mat:"y" l:"Mean time between failures (MTBF)|Temps moyen entre pannes (MTBF)"`
	MTTR         Duration      `json:"mttr,omitempty,omitzero" mat:"y" l:"Mean time to restore (MTTR)|Temps moyen de rétablissement (MTTR)"`
	MTTRCounts   string        `json:"mttrCounts,omitempty,omitzero" mat:"y" enum:"work=Work, in the hours of those who restore|Le travail, aux heures de ceux qui rétablissent;down=All down time, waiting included|Toute l'indisponibilité, attente comprise" l:"The MTTR counts|Le MTTR compte" h:"Whether the time somebody must wait until those who restore are at work comes on top of the declared MTTR, or is part of it. Empty: as the organisation says.|Si l'attente de ceux qui rétablissent, hors de leurs heures, s'ajoute au MTTR déclaré ou en fait partie. Vide : comme le dit l'organisation."`
	Availability *Availability `json:"availability,omitempty,omitzero" mat:"y" l:"Declared availability|Disponibilité déclarée"`
	InService    Date          `json:"inService,omitempty,omitzero" mat:"y" l:"In service since|En service depuis le" h:"What was observed since then corrects the declared failure figures.|Ce qui a été observé depuis corrige les chiffres de panne déclarés."`
	Improvements []Improvement `json:"improvements,omitempty,omitzero" l:"Possible improvements|Améliorations possibles" h:"What could be bought to make it fail less, and what that costs.|Ce qui pourrait être acquis pour réduire les pannes, et à quel coût."`
	Restore      Restore       `json:"restore,omitempty,omitzero" mat:"y" l:"Restored by|Rétabli par"`
	Capacity     []Capacity    `json:"capacity,omitempty,omitzero" mat:"y" l:"Capacity|Capacité"`
	Instances    int           `json:"instances,omitempty,omitzero" mat:"y" l:"Identical instances|Instances identiques"`
	Needed       int           `json:"needed,omitempty,omitzero" mat:"y" l:"Instances needed|Instances nécessaires" h:"How many of the identical instances are enough to run; the reliability figures are then those of one instance.|Nombre d'instances identiques qui suffisent à fonctionner ; les chiffres de fiabilité sont alors ceux d'une instance."`
	SupportEnds  Date          `json:"supportEnds,omitempty,omitzero" mat:"y" l:"Vendor support ends|Fin de support éditeur"`
	Security     Ratings       `json:"security,omitempty,omitzero" mat:"y" l:"Security assured|Sécurité assurée"`
	Protects     []Pillar      `json:"protects,omitempty,omitzero" mat:"y" l:"Pillars protected by itself|Piliers protégés par lui-même" h:"Confidentiality where data is encrypted end to end, integrity and authenticity where it is signed: what lies behind need not assure them.|Confidentialité si les données sont chiffrées de bout en bout, intégrité et authenticité si elles sont signées : ce qui est derrière n'a pas à les assurer."`
	Maintenance  Ref           `json:"maintenance,omitempty,omitzero" ref:"calendar" l:"Maintenance window|Fenêtre de maintenance"`
	AdminDomain  string        `json:"adminDomain,omitempty,omitzero" l:"Administration domain|Domaine d'administration"`
}

// What a declared MTTR counts.
const (
	MTTRWork = "work" // repair work, done in the hours of those who restore
	MTTRDown = "down" // all down time, the waiting for those who restore included
)

// CountsDown reports a declared MTTR that counts all down time: as the component says,
// else as the organisation does; work where neither says.
func (c *Component) CountsDown(o *Organisation) bool {
	if c.MTTRCounts == "" {
		return o.MTTRCounts == MTTRDown
	}
	return c.MTTRCounts == MTTRDown
}

// Improvement is something that could be done to make its holder fail less.
type Improvement struct {
	Name         string        `json:"name,omitempty,omitzero" l:"Name|Nom"`
	Title        Text          `json:"title,omitempty,omitzero" l:"Title|Intitulé"`
	Adds         int           `json:"adds,omitempty,omitzero" l:"Instances added|Instances ajoutées" h:"How many more of the same, of which one is enough to replace a failed one.|Combien d'exemplaires de plus, dont un suffit à remplacer un exemplaire en panne."`
	Site         Ref           `json:"site,omitempty,omitzero" ref:"site" l:"At the site|Sur le site" h:"Where the added instances stand, if elsewhere.|Où se trouvent les exemplaires ajoutés, si ailleurs."`
	MTBF         Duration      `json:"mtbf,omitempty,omitzero" l:"Mean time between failures then|Temps moyen entre pannes alors"`
	MTTR         Duration      `json:"mttr,omitempty,omitzero" l:"Mean time to restore then|Temps moyen de rétablissement alors"`
	Availability *Availability `json:"availability,omitempty,omitzero" l:"Availability then|Disponibilité alors"`
	Cost         *Money        `json:"cost,omitempty,omitzero" l:"Cost, once|Coût, une fois"`
	Running      *Money        `json:"running,omitempty,omitzero" l:"Running cost|Coût récurrent"`
}

// Site is a place where components, people or suppliers work.
type Site struct {
	Country      string        `json:"country,omitempty,omitzero" mat:"y" l:"Country (ISO 3166)|Pays (ISO 3166)"`
	Address      string        `json:"address,omitempty,omitzero" l:"Address|Adresse"`
	Zone         string        `json:"zone,omitempty,omitzero" l:"Time zone|Fuseau horaire"`
	Supplier     Ref           `json:"supplier,omitempty,omitzero" ref:"supplier" mat:"y" edge:"structure" l:"Run by|Exploité par"`
	External     bool          `json:"external,omitempty,omitzero" mat:"y" l:"External|Externe"`
	Requires     []Need        `json:"requires,omitempty,omitzero" mat:"y" edge:"structure" l:"Requires|Requiert" h:"Energy, telecommunications, cooling.|Énergie, télécommunications, climatisation."`
	Availability *Availability `json:"availability,omitempty,omitzero" mat:"y" l:"Declared availability|Disponibilité déclarée"`
	MTBF         Duration      `json:"mtbf,omitempty,omitzero" mat:"y" l:"Mean time between losses (MTBF)|Temps moyen entre pertes (MTBF)"`
	MTTR         Duration      `json:"mttr,omitempty,omitzero" mat:"y" l:"Mean time to restore (MTTR)|Temps moyen de rétablissement (MTTR)"`
	InService    Date          `json:"inService,omitempty,omitzero" mat:"y" l:"In service since|En service depuis le" h:"What was observed since then corrects the declared failure figures.|Ce qui a été observé depuis corrige les chiffres de panne déclarés."`
	Improvements []Improvement `json:"improvements,omitempty,omitzero" l:"Possible improvements|Améliorations possibles" h:"What could be bought to make it fail less, and what that costs.|Ce qui pourrait être acquis pour réduire les pannes, et à quel coût."`
	Security     Ratings       `json:"security,omitempty,omitzero" mat:"y" l:"Security assured|Sécurité assurée"`
}

// Tool is a product that people use to run services: monitoring, ticketing, backup.
type Tool struct {
	Product      string        `json:"product,omitempty,omitzero" l:"Product|Produit"`
	Version      string        `json:"version,omitempty,omitzero" l:"Version|Version"`
	Supplier     Ref           `json:"supplier,omitempty,omitzero" ref:"supplier" edge:"structure" l:"Supplier|Fournisseur"`
	External     bool          `json:"external,omitempty,omitzero" mat:"y" l:"External|Externe"`
	Purpose      Text          `json:"purpose,omitempty,omitzero" l:"Purpose|Usage"`
	SupportEnds  Date          `json:"supportEnds,omitempty,omitzero" mat:"y" l:"Vendor support ends|Fin de support éditeur"`
	Requires     []Need        `json:"requires,omitempty,omitzero" mat:"y" edge:"structure" l:"Requires|Requiert"`
	Availability *Availability `json:"availability,omitempty,omitzero" mat:"y" l:"Declared availability|Disponibilité déclarée"`
	MTBF         Duration      `json:"mtbf,omitempty,omitzero" mat:"y" l:"Mean time between failures (MTBF)|Temps moyen entre pannes (MTBF)"`
	MTTR         Duration      `json:"mttr,omitempty,omitzero" mat:"y" l:"Mean time to restore (MTTR)|Temps moyen de rétablissement (MTTR)"`
	InService    Date          `json:"inService,omitempty,omitzero" mat:"y" l:"In service since|En service depuis le" h:"What was observed since then corrects the declared failure figures.|Ce qui a été observé depuis corrige les chiffres de panne déclarés."`
	Improvements []Improvement `json:"improvements,omitempty,omitzero" l:"Possible improvements|Améliorations possibles" h:"What could be bought to make it fail less, and what that costs.|Ce qui pourrait être acquis pour réduire les pannes, et à quel coût."`
}

// DataAsset is a set of data with needs of its own.
type DataAsset struct {
	Personal       bool      `json:"personal,omitempty,omitzero" mat:"y" l:"Personal data|Données à caractère personnel"`
	Health         bool      `json:"health,omitempty,omitzero" mat:"y" l:"Health data|Données de santé"`
	Security       Ratings   `json:"security,omitempty,omitzero" mat:"y" l:"Security required|Sécurité exigée"`
	Countries      []string  `json:"countries,omitempty,omitzero" mat:"y" l:"Countries allowed (ISO 3166)|Pays autorisés (ISO 3166)"`
	MTDL           *Duration `json:"mtdl,omitempty,omitzero" mat:"y" l:"Maximum tolerable data loss (MTDL)|Perte de données maximale admissible (PDMA)"`
	Backups        []Backup  `json:"backups,omitempty,omitzero" mat:"y" l:"Backups and replicas|Sauvegardes et réplicas"`
	AdminDomain    string    `json:"adminDomain,omitempty,omitzero" mat:"y" l:"Administration domain|Domaine d'administration"`
	Retention      Period    `json:"retention,omitempty,omitzero" l:"Retention|Conservation"`
	Certifications []string  `json:"certifications,omitempty,omitzero" l:"Certifications required|Certifications exigées"`
}

// Backup is a copy of data.
type Backup struct {
	Name         string   `json:"name,omitempty,omitzero" l:"Name|Nom"`
	Form         string   `json:"form,omitempty,omitzero" enum:"backup=Backup|Sauvegarde;replica=Replica|Réplica;journal=Journal shipping|Envoi de journaux" l:"Form|Forme"`
	Interval     Duration `json:"interval,omitempty,omitzero" mat:"y" l:"Interval|Intervalle"`
	Site         Ref      `json:"site,omitempty,omitzero" ref:"site" l:"Kept at|Conservée à"`
	On           Ref      `json:"on,omitempty,omitzero" ref:"component,supplier" l:"Kept on|Conservée sur"`
	AdminDomain  string   `json:"adminDomain,omitempty,omitzero" mat:"y" l:"Administration domain|Domaine d'administration"`
	TestInterval Period   `json:"testInterval,omitempty,omitzero" l:"Restore test every|Test de restauration tous les"`
	LastTest     Date     `json:"lastTest,omitempty,omitzero" l:"Last successful restore test|Dernier test de restauration réussi"`
}

// Document is a document kept or referred to: plan, procedure, contract text.
type Document struct {
	Type     string `json:"type,omitempty,omitzero" enum:"requirements=Requirements|Exigences;design=Design|Conception;plan=Plan|Plan;procedure=Procedure|Procédure;report=Report|Rapport;contract=Contract|Contrat;evidence=Evidence|Preuve;other=Other|Autre" l:"Type|Type"`
	URL      string `json:"url,omitempty,omitzero" l:"Address|Adresse"`
	Version  string `json:"version,omitempty,omitzero" l:"Version|Version"`
	Date     Date   `json:"date,omitempty,omitzero" l:"Date|Date"`
	Author   Ref    `json:"author,omitempty,omitzero" ref:"person" mat:"y" l:"Author|Auteur"`
	Approver Ref    `json:"approver,omitempty,omitzero" ref:"person" mat:"y" l:"Approved by|Approuvé par"`
	About    []Ref  `json:"about,omitempty,omitzero" ref:"*" flow:"both" l:"About|Au sujet de"`
	ReviewBy Date   `json:"reviewBy,omitempty,omitzero" l:"Review by|À revoir avant le"`
}

// Certification is a certificate held by a supplier, site, tool, person or service.
type Certification struct {
	Scheme  string `json:"scheme,omitempty,omitzero" mat:"y" req:"y" l:"Scheme|Référentiel" h:"HDS, ISO 27001, ISO 22301, ITIL…|HDS, ISO 27001, ISO 22301, ITIL…"`
	Holder  Ref    `json:"holder,omitempty,omitzero" ref:"supplier,site,tool,person,service,component" flow:"both" mat:"y" req:"y" l:"Holder|Titulaire"`
	Covers  []Ref  `json:"covers,omitempty,omitzero" ref:"service,component,site,data-asset" flow:"both" mat:"y" l:"Covers|Couvre"`
	Scope   Text   `json:"scope,omitempty,omitzero" l:"Scope|Périmètre"`
	Issued  Date   `json:"issued,omitempty,omitzero" l:"Issued on|Délivré le"`
	Expires Date   `json:"expires,omitempty,omitzero" mat:"y" l:"Expires on|Expire le"`
	Body    string `json:"body,omitempty,omitzero" l:"Certification body|Organisme certificateur"`
}
