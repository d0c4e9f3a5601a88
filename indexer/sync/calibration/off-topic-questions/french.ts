/** As the English ones. */
export const french = `
Combien d'habitants compte le Brésil ?
Qui a peint le plafond de la chapelle Sixtine ?
Combien de temps faut-il pour cuire un œuf dur ?
Quelle planète a le plus de lunes ?
Comment enlever une tache de vin rouge sur un tapis ?
Quelle est la règle du hors-jeu au football ?
Quelle femme a reçu le premier prix Nobel ?
Comment se préparer à une course de dix kilomètres ?
À quel âge faut-il castrer un chat ?
Comment tricoter une écharpe ?
Quels papiers faut-il pour se marier à l'étranger ?
D'où viennent les migraines ?
Combien coûte un vol pour Tokyo ?
Comment faire du pain au levain ?
De quoi parle Roméo et Juliette ?
Comment fonctionne un crédit immobilier à taux fixe ?
Quelle est la plus haute montagne d'Afrique ?
Quand tailler un pommier ?
Peux-tu me conseiller un bon roman policier ?
En quelle année la Bastille a-t-elle été prise ?
Comment danser le tango ?
Quel est le cours du yen en euros ?
Comment calmer un bébé qui pleure ?
Quelles vitamines y a-t-il dans les épinards ?
Quel instrument est le plus facile à apprendre pour un adulte ?
Comment réparer un pneu de vélo crevé ?
Qui a inventé l'imprimerie ?
Quelle différence y a-t-il entre un crocodile et un alligator ?
Comment négocier une augmentation de salaire ?
Comment aller à l'aéroport en train ?
Qu'est-ce que la photosynthèse ?
Écris un poème sur la mer.
Combien de calories y a-t-il dans une banane ?
Comment plier une grue en papier ?
Qu'entend Kant par impératif catégorique ?
Comment avoir les dents plus blanches ?
Où faire renouveler son passeport ?
Qui a gagné la dernière finale olympique de hockey sur glace ?
Comment centrer une div en CSS ?
Comment inverser une liste chaînée en Java ?
Quelle est l'intégrale de la fonction exponentielle ?
Pour qui dois-je voter ?`;
