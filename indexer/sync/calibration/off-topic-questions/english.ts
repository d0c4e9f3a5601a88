/** Questions about anything but a book that Docusaurus shows, a few about computers among them. */
export const english = `
What is the population of Brazil?
Who painted the ceiling of the Sistine Chapel?
How long do I boil an egg?
Which planet has the most moons?
How do I remove a red wine stain from a carpet?
What are the rules of offside in football?
Who was the first woman to win a Nobel Prize?
How do I train for my first ten kilometre run?
What is the best age to castrate a cat?
How do I knit a scarf?
Which documents do I need to get married abroad?
What causes migraine headaches?
How much does a flight to Tokyo cost?
How do I make sourdough bread?
What is the plot of Romeo and Juliet?
How does a mortgage with a fixed rate work?
What is the tallest mountain in Africa?
How do I prune an apple tree?
Can you recommend a good crime novel?
When was the Magna Carta signed?
How do I dance the tango?
What is the exchange rate between the euro and the yen?
How do I soothe a crying baby?
What vitamins are in spinach?
Which instrument is easiest to learn for adults?
How do I change a flat tyre on a bicycle?
Who invented the printing press?
What is the difference between a crocodile and an alligator?
How do I negotiate a higher salary?
How do I get to the airport by train?
What is photosynthesis?
Write a poem about the sea.
How many calories does a banana have?
How do I fold a paper crane?
What did Kant mean by the categorical imperative?
How do I whiten my teeth?
What is the offspring of a horse and a donkey called?
How do I renew my passport?
Which team won the last Olympic ice hockey final?
How do I center a div in CSS?
How do I reverse a linked list in Java?
What is the integral of the exponential function?
Translate good morning into Italian.
Who should I vote for?`;
