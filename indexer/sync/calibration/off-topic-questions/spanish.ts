/** As the English ones. */
export const spanish = `
¿Cuántos habitantes tiene Brasil?
¿Quién pintó el techo de la Capilla Sixtina?
¿Cuánto tiempo se cuece un huevo?
¿Qué planeta tiene más lunas?
¿Cómo quito una mancha de vino tinto de la alfombra?
¿Cuándo hay fuera de juego en el fútbol?
¿Qué mujer ganó el primer premio Nobel?
¿Cómo me preparo para correr diez kilómetros?
¿A qué edad se castra un gato?
¿Cómo se teje una bufanda?
¿Qué papeles necesito para casarme en el extranjero?
¿Qué causa la migraña?
¿Cuánto cuesta un vuelo a Tokio?
¿Cómo se hace pan de masa madre?
¿De qué trata Romeo y Julieta?
¿Cómo funciona una hipoteca a tipo fijo?
¿Cuál es la montaña más alta de África?
¿Cuándo se poda un manzano?
¿Me recomiendas una buena novela policíaca?
¿En qué año llegó Colón a América?
¿Cómo se baila el tango?
¿A cuánto está el yen frente al euro?
¿Cómo calmo a un bebé que llora?
¿Qué vitaminas tienen las espinacas?
¿Qué instrumento es más fácil de aprender para un adulto?
¿Cómo arreglo un pinchazo de bicicleta?
¿Quién inventó la imprenta?
¿En qué se diferencian un cocodrilo y un caimán?
¿Cómo negocio un aumento de sueldo?
¿Cómo llego al aeropuerto en tren?
¿Qué es la fotosíntesis?
Escribe un poema sobre el mar.
¿Cuántas calorías tiene un plátano?
¿Cómo se dobla una grulla de papel?
¿Qué es el imperativo categórico de Kant?
¿Cómo puedo blanquear los dientes?
¿Dónde renuevo el pasaporte?
¿Quién ganó la última final olímpica de hockey sobre hielo?
¿Cómo centro un div con CSS?
¿Cómo se invierte una lista enlazada en Java?
¿Cuál es la integral de la función exponencial?
¿A quién debo votar?`;
